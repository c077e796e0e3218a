// Made from the service's OpenAPI description by `npm run schema`. Change the service, not this file.

export interface paths {
    "/api/auth": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Auth
         * @description How one signs in here, and who has. For everyone.
         */
        get: operations["get_auth_api_auth_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Go
         * @description Go to the provider's page to sign in there. For browsers.
         */
        get: operations["go_api_auth_oidc_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Come Back
         * @description Where the provider sends the browser: a good answer signs in and leads to the web client, any other to its page
         *     for signing in, with a code that says why.
         */
        get: operations["come_back_api_auth_oidc_callback_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Password
         * @description Take another password, of 10 characters or more. Every other sign-in of yours ends; keys stay.
         */
        post: operations["change_password_api_auth_password_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In
         * @description Sign in with a password: the answer brings a cookie. Whoever was signed in with this browser is no more.
         */
        post: operations["sign_in_api_auth_sign_in_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sign Ins
         * @description The browsers that you are signed in with.
         */
        get: operations["list_sign_ins_api_auth_sign_ins_get"];
        put?: never;
        post?: never;
        /**
         * End Sign Ins
         * @description End all of them but this one.
         */
        delete: operations["end_sign_ins_api_auth_sign_ins_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-ins/{sign_in_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End Sign In
         * @description End one of them.
         */
        delete: operations["end_sign_in_api_auth_sign_ins__sign_in_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign Out
         * @description End this browser's sign-in. It is no mistake where there is none.
         */
        post: operations["sign_out_api_auth_sign_out_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/chat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat
         * @description Take one turn. The run goes on when the connection ends; `GET /api/runs/{id}/events` joins it again.
         */
        post: operations["chat_api_chat_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Events
         * @description What happens outside a turn: titles, facts learned, memories forgotten, jobs, sessions, runs, and what works.
         *
         *     The first event is `hello`; after each of them read anew what you show. A client that does not keep up is let go,
         *     and so is one whose credential has ended.
         */
        get: operations["follow_events_api_events_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export Lines
         * @description Everything of yours, as lines that an import takes.
         */
        get: operations["export_lines_api_export_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import Lines
         * @description Take in sessions, messages and memories: one JSON object a line, or an archive that ChatGPT or Claude exported;
         *     see docs/import.md.
         *
         *     All of it is checked before the answer: a line that breaks a rule is named (`line`), and nothing is imported. The
         *     rest is a job, which tells what was left out (`skipped`).
         */
        post: operations["import_lines_api_import_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Job
         * @description How far it is. An import has succeeded when all of it can be found.
         */
        get: operations["get_job_api_jobs__job_id__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Keys
         * @description Yours.
         */
        get: operations["list_keys_api_keys_get"];
        put?: never;
        /**
         * Create Key
         * @description Make one. The answer holds it, this once. A key makes none that may more or lasts longer than itself.
         */
        post: operations["create_key_api_keys_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke Key
         * @description Take it no more.
         */
        delete: operations["revoke_key_api_keys__key_id__delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Me
         * @description You, and what you have set.
         */
        get: operations["get_me_api_me_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change Me
         * @description Change what you have set. It holds from the next message on; limits of memory within some ten minutes.
         */
        patch: operations["change_me_api_me_patch"];
        trace?: never;
    };
    "/api/me/data": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Erase
         * @description Delete all that is kept of you: conversations, memories, runs, jobs, what answers cost, and your settings. It
         *     cannot be undone; asked again, there is nothing left to delete.
         */
        delete: operations["erase_api_me_data_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/memories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Memories
         * @description Your memories, what was said last first.
         */
        get: operations["list_memories_api_memories_get"];
        put?: never;
        /**
         * Add Memory
         * @description Have something remembered. It can be found when this is answered; where the index is slow or down, which holds
         *     the answer up for two seconds at the most, by words until it is back.
         */
        post: operations["add_memory_api_memories_post"];
        /**
         * Clear Memories
         * @description Forget all. The conversations stay, and are not remembered again.
         */
        delete: operations["clear_memories_api_memories_delete"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/memories/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change Many
         * @description Pin, unpin, pause, resume or delete many at once; ids that are not there are passed over.
         */
        post: operations["change_many_api_memories_bulk_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/memories/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Retention
         * @description How much is kept of your memory, how much there is, and what left lately. What left stays in its conversation.
         */
        get: operations["get_retention_api_memories_retention_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/memories/retention/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview Retention
         * @description What would leave of your memory: under the limits that hold, or with `try=true` under others of your own. Pinned
         *     memories stay whatever they are, and nothing leaves while you are being answered.
         */
        get: operations["preview_retention_api_memories_retention_preview_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/memories/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search Memories
         * @description The k best with their scores, not gated and not packed. No answer is given what is paused: with `state=paused`
         *     the paused ones are found by their words, without a score.
         */
        get: operations["search_memories_api_memories_search_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/memories/{memory_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Memory
         * @description One memory, with its sources and what was changed of it.
         */
        get: operations["get_memory_api_memories__memory_id__get"];
        put?: never;
        post?: never;
        /**
         * Delete Memory
         * @description Forget it, with what was derived from the same message.
         */
        delete: operations["delete_memory_api_memories__memory_id__delete"];
        options?: never;
        head?: never;
        /**
         * Change Memory
         * @description Put it differently, pin it, or pause it: a paused memory is kept and not recalled. Put differently it can be
         *     found as that when this is answered, unless the index is slow or down.
         */
        patch: operations["change_memory_api_memories__memory_id__patch"];
        trace?: never;
    };
    "/api/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Models
         * @description The models that may be chosen, the default first.
         */
        get: operations["models_api_models_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel
         * @description Stop the run. What was generated is kept, marked `stopped`.
         */
        post: operations["cancel_api_runs__run_id__cancel_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/runs/{run_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Events
         * @description The run's events after `Last-Event-ID`, until it ends. When a `run` event comes again, the answer starts over.
         */
        get: operations["events_api_runs__run_id__events_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sessions
         * @description Your sessions, those that were talked in last first. `search` looks at titles and at what was said.
         */
        get: operations["list_sessions_api_sessions_get"];
        put?: never;
        /**
         * Create Session
         * @description Start a session.
         */
        post: operations["create_session_api_sessions_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Session
         * @description One session.
         */
        get: operations["get_session_api_sessions__session_id__get"];
        put?: never;
        post?: never;
        /**
         * Delete Session
         * @description Delete a session, with the memories that came from it unless they are to be kept.
         */
        delete: operations["delete_session_api_sessions__session_id__delete"];
        options?: never;
        head?: never;
        /**
         * Change Session
         * @description Rename, archive, turn memory on or off, or show another branch.
         */
        patch: operations["change_session_api_sessions__session_id__patch"];
        trace?: never;
    };
    "/api/sessions/{session_id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Messages
         * @description The branch that is shown, oldest first; without a cursor its last messages. 409 `not_on_branch` where the message
         *     that is asked for is on another branch: `PATCH` the session's head to show it.
         */
        get: operations["list_messages_api_sessions__session_id__messages_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/sessions/{session_id}/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reset Session
         * @description Empty the conversation and forget what came from it; the session stays.
         */
        post: operations["reset_session_api_sessions__session_id__reset_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Usage
         * @description What your answers took, today, this month, and by day and model in the last days.
         */
        get: operations["usage_api_usage_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Users
         * @description Every account.
         */
        get: operations["list_users_api_users_get"];
        put?: never;
        /**
         * Create User
         * @description Make one. The answer holds the password to sign in with once.
         */
        post: operations["create_user_api_users_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/users/{user_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete User
         * @description Delete the account and all that is kept of them. It cannot be undone.
         */
        delete: operations["delete_user_api_users__user_id__delete"];
        options?: never;
        head?: never;
        /**
         * Change User
         * @description Change what they may do, lock them out or let them in again, or set a password to sign in with once.
         */
        patch: operations["change_user_api_users__user_id__patch"];
        trace?: never;
    };
    "/chat/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat Batch
         * @description Batch invoke the runnable with the given inputs and config.
         */
        post: operations["chat_batch_chat_batch_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/c/{config_hash}/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat Batch With Config
         * @description This endpoint is to be used with share links generated by the LangServe playground. The hash is an LZString compressed JSON string. For regular use cases, use the /batch endpoint without the `c/{config_hash}` path parameter.
         */
        post: operations["chat_batch_with_config_chat_c__config_hash__batch_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/c/{config_hash}/config_schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Chat Config Schema With Config
         * @description Return the config schema.
         */
        get: operations["chat_config_schema_with_config_chat_c__config_hash__config_schema_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/c/{config_hash}/input_schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Chat Input Schema With Config
         * @description Return the input schema.
         */
        get: operations["chat_input_schema_with_config_chat_c__config_hash__input_schema_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/c/{config_hash}/invoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat Invoke With Config
         * @description This endpoint is to be used with share links generated by the LangServe playground. The hash is an LZString compressed JSON string. For regular use cases, use the /invoke endpoint without the `c/{config_hash}` path parameter.
         */
        post: operations["chat_invoke_with_config_chat_c__config_hash__invoke_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/c/{config_hash}/output_schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Chat Output Schema With Config
         * @description Return the output schema.
         */
        get: operations["chat_output_schema_with_config_chat_c__config_hash__output_schema_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/c/{config_hash}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat Stream With Config
         * @description This endpoint is to be used with share links generated by the LangServe playground. The hash is an LZString compressed JSON string. For regular use cases, use the /stream endpoint without the `c/{config_hash}` path parameter.
         */
        post: operations["chat_stream_with_config_chat_c__config_hash__stream_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/c/{config_hash}/stream_events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat Stream Events With Config
         * @description This endpoint is to be used with share links generated by the LangServe playground. The hash is an LZString compressed JSON string. For regular use cases, use the /stream_events endpoint without the `c/{config_hash}` path parameter.
         */
        post: operations["chat_stream_events_with_config_chat_c__config_hash__stream_events_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/c/{config_hash}/stream_log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat Stream Log With Config
         * @description This endpoint is to be used with share links generated by the LangServe playground. The hash is an LZString compressed JSON string. For regular use cases, use the /stream_log endpoint without the `c/{config_hash}` path parameter.
         */
        post: operations["chat_stream_log_with_config_chat_c__config_hash__stream_log_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/config_schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Chat Config Schema
         * @description Return the config schema.
         */
        get: operations["chat_config_schema_chat_config_schema_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/input_schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Chat Input Schema
         * @description Return the input schema.
         */
        get: operations["chat_input_schema_chat_input_schema_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/invoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat Invoke
         * @description Invoke the runnable with the given input and config.
         */
        post: operations["chat_invoke_chat_invoke_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/output_schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Chat Output Schema
         * @description Return the output schema.
         */
        get: operations["chat_output_schema_chat_output_schema_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat Stream
         * @description This endpoint allows to stream the output of the runnable. The endpoint uses a server sent event stream to stream the output. https://developer.mozilla.org/en-US/docs/Web/API/Server-sent_events
         */
        post: operations["chat_stream_chat_stream_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/stream_events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat Stream Events
         * @description Stream events from the given runnable.
         *
         *     This endpoint allows to stream events from the runnable, including
         *     events from all intermediate steps.
         *
         *     **Attention**
         *
         *         This is a new endpoint that only works for langchain-core >= 0.1.14.
         *
         *         It belongs to a Beta API that may change in the future.
         *
         *     **Important**
         *         Specify filters to the events you want to receive by setting
         *         the appropriate filters in the request body.
         *
         *         This will help avoid sending too much data over the network.
         *
         *         It will also prevent serialization issues with
         *         any unsupported types since it won't need to serialize events
         *         that aren't transmitted.
         *
         *     The endpoint uses a server sent event stream to stream the output.
         *
         *     https://developer.mozilla.org/en-US/docs/Web/API/Server-sent_events
         *
         *     The encoding of events follows the following format:
         *
         *     * data - for streaming the output of the runnable
         *
         *         {
         *             "event": "data",
         *             "data": {
         *             ...
         *             }
         *         }
         *
         *     * error - for signaling an error in the stream, also ends the stream.
         *
         *     {
         *         "event": "error",
         *         "data": {
         *             "status_code": 500,
         *             "message": "Internal Server Error"
         *         }
         *     }
         *
         *     * end - for signaling the end of the stream.
         *
         *         This helps the client to know when to stop listening for events and
         *         know that the streaming has ended successfully.
         *
         *         {
         *             "event": "end",
         *         }
         *
         *     `data` for the `data` event is a JSON object that corresponds
         *     to a serialized representation of a StreamEvent.
         *
         *     See LangChain documentation for more information about astream_events.
         */
        post: operations["chat_stream_events_chat_stream_events_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/chat/stream_log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Chat Stream Log
         * @description Invoke the runnable stream_log the output.
         *
         *     This endpoint allows to stream the output of the runnable, including
         *     the output of all intermediate steps.
         *
         *     The endpoint uses a server sent event stream to stream the output.
         *
         *     https://developer.mozilla.org/en-US/docs/Web/API/Server-sent_events
         *
         *     Important: Set the "text/event-stream" media type for request headers if
         *                not using an existing SDK.
         *
         *     This endpoint uses two different types of events:
         *
         *     * data - for streaming the output of the runnable
         *
         *         {
         *             "event": "data",
         *             "data": {
         *             ...
         *             }
         *         }
         *
         *     * error - for signaling an error in the stream, also ends the stream.
         *
         *     {
         *         "event": "error",
         *         "data": {
         *             "status_code": 500,
         *             "message": "Internal Server Error"
         *         }
         *     }
         *
         *     * end - for signaling the end of the stream.
         *
         *         This helps the client to know when to stop listening for events and
         *         know that the streaming has ended successfully.
         *
         *         {
         *             "event": "end",
         *         }
         */
        post: operations["chat_stream_log_chat_stream_log_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health
         * @description The process is alive.
         */
        get: operations["health_health_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready
         * @description What works. 503 only without Postgres: without it no message can be kept, and none is taken.
         */
        get: operations["ready_ready_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Complete
         * @description Take one turn. The session is the one that `X-Memocha-Session` names, else the one in which the messages before
         *     the last were said, else a new one; only what it does not know yet is stored. To leave is to stop the answer.
         */
        post: operations["complete_v1_chat_completions_post"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Models
         * @description What may be named: `memocha`, which remembers, `memocha-readonly`, which recalls and keeps nothing, and
         *     both over each of the models of this deployment.
         */
        get: operations["models_v1_models_get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{model}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Model
         * @description One of them.
         */
        get: operations["model_v1_models__model__get"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AIMessage
         * @description Message from an AI.
         *
         *     An `AIMessage` is returned from a chat model as a response to a prompt.
         *
         *     This message represents the output of the model and consists of both
         *     the raw output as returned by the model and standardized fields
         *     (e.g., tool calls, usage metadata) added by the LangChain framework.
         */
        AIMessage: {
            /** Additional Kwargs */
            additional_kwargs?: {
                [key: string]: unknown;
            };
            /** Content */
            content: string | (string | {
                [key: string]: unknown;
            })[];
            /** Id */
            id?: string | null;
            /** Invalid Tool Calls */
            invalid_tool_calls?: components["schemas"]["InvalidToolCall"][];
            /** Name */
            name?: string | null;
            /** Response Metadata */
            response_metadata?: {
                [key: string]: unknown;
            };
            /** Tool Calls */
            tool_calls?: components["schemas"]["ToolCall"][];
            /**
             * Type
             * @default ai
             * @constant
             */
            type?: "ai";
            usage_metadata?: components["schemas"]["UsageMetadata"] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * Account
         * @description A user as an admin sees them: nothing of what they said or what is remembered.
         */
        Account: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Disabled At */
            disabled_at: string | null;
            /** Has Password */
            has_password: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Last Seen At */
            last_seen_at: string | null;
            /** Login */
            login: string;
            /** Memories */
            memories: number;
            /** Messages */
            messages: number;
            /**
             * Role
             * @enum {string}
             */
            role: "member" | "admin";
            /** Sessions */
            sessions: number;
        };
        /**
         * AccountList
         * @description Every account, by login.
         */
        AccountList: {
            /** Items */
            items: components["schemas"]["Account"][];
        };
        /**
         * Amount
         * @description How much is done of what makes a dependency well again.
         */
        Amount: {
            /** Processed */
            processed: number;
            /** Total */
            total: number;
        };
        /**
         * Answer
         * @description A whole turn.
         */
        Answer: {
            /**
             * Degraded
             * @description The memory index did not answer, and words alone were searched.
             */
            degraded: boolean;
            /** Finish Reason */
            finish_reason: string;
            /**
             * Forgotten
             * @description How many memories went because the message asked for it.
             */
            forgotten: number;
            /** Memories */
            memories: components["schemas"]["RecalledMemory"][];
            /**
             * Message
             * @description The answer.
             */
            message: string;
            /**
             * Message Id
             * Format: uuid
             */
            message_id: string;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
            /** Title */
            title: string;
            usage: components["schemas"]["UsageEvent"];
            /**
             * User Message Id
             * Format: uuid
             */
            user_message_id: string;
        };
        /**
         * AnswerMessage
         * @description The answer.
         */
        AnswerMessage: {
            /** Content */
            content: string;
            /**
             * Role
             * @default assistant
             * @constant
             */
            role?: "assistant";
        };
        /**
         * AuthState
         * @description How one signs in here, and who has.
         */
        AuthState: {
            /**
             * Has Password
             * @default false
             */
            has_password?: boolean;
            /** Login */
            login?: string | null;
            /**
             * Mode
             * @enum {string}
             */
            mode: "open" | "key" | "accounts";
            /**
             * Must Change Password
             * @default false
             */
            must_change_password?: boolean;
            /** Oidc */
            oidc?: string | null;
            /** Role */
            role?: ("member" | "admin") | null;
            /** Signed In */
            signed_in: boolean;
        };
        /**
         * BatchResponseMetadata
         * @description Represents response metadata used for batches of input/output LangServe
         *     responses.
         */
        BatchResponseMetadata: {
            /** Responses */
            responses: components["schemas"]["InvokeResponseMetadata"][];
            /** Run Ids */
            run_ids: string[];
        };
        /**
         * BudgetLeft
         * @description A bound on what answers may take.
         */
        BudgetLeft: {
            /** Left */
            left: number;
            /** Limit */
            limit: number;
            /**
             * Resets At
             * Format: date-time
             */
            resets_at: string;
            /**
             * Unit
             * @enum {string}
             */
            unit: "tokens" | "usd";
            /**
             * Whose
             * @enum {string}
             */
            whose: "user" | "deployment";
        };
        /**
         * Bulk
         * @description The same for many.
         */
        Bulk: {
            /**
             * Action
             * @enum {string}
             */
            action: "pin" | "unpin" | "pause" | "resume" | "delete";
            /** Ids */
            ids: string[];
        };
        /**
         * CachedTokens
         * @description Of the prompt.
         */
        CachedTokens: {
            /** Cached Tokens */
            cached_tokens: number;
        };
        /**
         * Cancelled
         * @description A run that was stopped.
         */
        Cancelled: {
            /** Kept */
            kept: boolean;
            /**
             * Message Id
             * Format: uuid
             */
            message_id: string;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
        };
        /**
         * ChangedAccount
         * @description An account that was made or changed just now.
         */
        ChangedAccount: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Disabled At */
            disabled_at: string | null;
            /** Has Password */
            has_password: boolean;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Last Seen At */
            last_seen_at: string | null;
            /** Login */
            login: string;
            /** Memories */
            memories: number;
            /** Messages */
            messages: number;
            /** One Time Password */
            one_time_password?: string | null;
            /**
             * Role
             * @enum {string}
             */
            role: "member" | "admin";
            /** Sessions */
            sessions: number;
        };
        /**
         * ChatEvent
         * @description One event of a run's stream: `id` counts up in the run, `event` names the form of `data`.
         */
        ChatEvent: {
            /** Data */
            data: components["schemas"]["RunEvent"] | components["schemas"]["MemoriesEvent"] | components["schemas"]["TokenEvent"] | components["schemas"]["UsageEvent"] | components["schemas"]["DoneEvent"] | components["schemas"]["ErrorEvent"];
            /**
             * Event
             * @enum {string}
             */
            event: "run" | "memories" | "token" | "usage" | "done" | "error";
            /** Id */
            id: number;
        };
        /**
         * ChatInput
         * @description The conversation so far. Its last message, the user's, is the turn; what came before finds the session if none is
         *     named.
         */
        ChatInput: {
            /** Messages */
            messages: (components["schemas"]["HumanMessage"] | components["schemas"]["AIMessage"] | components["schemas"]["SystemMessage"])[];
        };
        /**
         * ChatRequest
         * @description A new message, another answer to one (`regenerate`), or a message put differently (`edit_of`).
         * @example {
         *       "message": "My dog is called Biscuit and he is afraid of thunder."
         *     }
         * @example {
         *       "message": "What was I telling you?",
         *       "session_id": "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00"
         *     }
         * @example {
         *       "regenerate": "0199a3c1-0f4d-7d22-9b6c-4e3f7d2f8c11",
         *       "session_id": "0199a3c0-5a3e-7c11-8a5b-3f2d6c1e9b00"
         *     }
         */
        ChatRequest: {
            /**
             * Edit Of
             * @description The message of the user that `message` takes the place of.
             */
            edit_of?: string | null;
            /** Frequency Penalty */
            frequency_penalty?: number | null;
            /**
             * Max Tokens
             * @description Longest answer, tokens.
             */
            max_tokens?: number | null;
            /** Message */
            message?: string | null;
            /**
             * Model
             * @description One of those that GET /api/models lists.
             */
            model?: string | null;
            /** Presence Penalty */
            presence_penalty?: number | null;
            /**
             * Regenerate
             * @description An answer to give anew, or a message that got none.
             */
            regenerate?: string | null;
            /** Seed */
            seed?: number | null;
            /**
             * Session Id
             * @description The session to go on with; none: a new one.
             */
            session_id?: string | null;
            /** Stop */
            stop?: string[] | null;
            /** Temperature */
            temperature?: number | null;
            /**
             * Temporary
             * @description A new session that is not remembered, listed or recalled from.
             * @default false
             */
            temporary?: boolean;
            /** Top P */
            top_p?: number | null;
        };
        /**
         * Choice
         * @description The one answer that there is.
         */
        Choice: {
            /** Finish Reason */
            finish_reason: string;
            /**
             * Index
             * @default 0
             * @constant
             */
            index?: 0;
            message: components["schemas"]["AnswerMessage"];
        };
        /**
         * Completion
         * @description A whole answer.
         */
        Completion: {
            /** Choices */
            choices: components["schemas"]["Choice"][];
            /** Created */
            created: number;
            /** Id */
            id: string;
            memocha: components["schemas"]["Memocha"];
            /** Model */
            model: string;
            /**
             * Object
             * @default chat.completion
             * @constant
             */
            object?: "chat.completion";
            usage: components["schemas"]["TokenUsage"];
        };
        /**
         * CompletionRequest
         * @description A chat completion. The last message, the user's, is the turn; what was said before finds the session.
         */
        CompletionRequest: {
            /** Frequency Penalty */
            frequency_penalty?: number | null;
            /** Functions */
            functions?: unknown[] | null;
            /** Logprobs */
            logprobs?: false | null;
            /** Max Completion Tokens */
            max_completion_tokens?: number | null;
            /** Max Tokens */
            max_tokens?: number | null;
            /** Messages */
            messages: components["schemas"]["SaidMessage"][];
            /**
             * Model
             * @default memocha
             */
            model?: string;
            /** N */
            n?: 1 | null;
            /** Presence Penalty */
            presence_penalty?: number | null;
            response_format?: components["schemas"]["TextFormat"] | null;
            /** Seed */
            seed?: number | null;
            /** Stop */
            stop?: string | string[] | null;
            /**
             * Stream
             * @default false
             */
            stream?: boolean | null;
            stream_options?: components["schemas"]["StreamOptions"] | null;
            /** Temperature */
            temperature?: number | null;
            /** Tools */
            tools?: unknown[] | null;
            /** Top P */
            top_p?: number | null;
        };
        /**
         * Day
         * @description One day, in UTC.
         */
        Day: {
            /** Answers */
            answers: number;
            /** Cached Tokens */
            cached_tokens: number;
            /** Completion Tokens */
            completion_tokens: number;
            /** Cost Usd */
            cost_usd: number | null;
            /**
             * Day
             * Format: date
             */
            day: string;
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Unpriced */
            unpriced: number;
        };
        /**
         * Dependency
         * @description One thing that the service leans on; `detail` says what is lost without it, `code` names the problem as errors
         *     do, where one is known. `breaker`: of calls to it, where it has one; `open`: it failed several times in a row and is
         *     not asked for some seconds; `half-open`: one call tries it, or the next one will.
         */
        Dependency: {
            /** Breaker */
            breaker?: ("closed" | "half-open" | "open") | null;
            /** Code */
            code?: string | null;
            /** Detail */
            detail?: string | null;
            progress?: components["schemas"]["Amount"] | null;
            /**
             * State
             * @enum {string}
             */
            state: "ok" | "degraded" | "down";
        };
        /**
         * DoneEvent
         * @description The last event of a run that was kept.
         */
        DoneEvent: {
            /**
             * Finish Reason
             * @enum {string}
             */
            finish_reason: "stop" | "length" | "stopped";
            /**
             * Message Id
             * Format: uuid
             */
            message_id: string;
        };
        /**
         * EarlierMemory
         * @description A fact that another has taken the place of.
         */
        EarlierMemory: {
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Text */
            text: string;
            /** Valid To */
            valid_to: string | null;
        };
        /**
         * Ended
         * @description How many sign-ins have ended.
         */
        Ended: {
            /** Sign Ins */
            sign_ins: number;
        };
        /**
         * ErasureReceipt
         * @description What was removed of all that was kept of you, by store.
         */
        ErasureReceipt: {
            /**
             * Checkpoints
             * @default 0
             */
            checkpoints?: number;
            /**
             * Digests
             * @default 0
             */
            digests?: number;
            /**
             * Facts
             * @default 0
             */
            facts?: number;
            /**
             * Jobs
             * @default 0
             */
            jobs?: number;
            /**
             * Memories
             * @default 0
             */
            memories?: number;
            /**
             * Messages
             * @default 0
             */
            messages?: number;
            /** Note */
            note: string;
            /**
             * Runs
             * @default 0
             */
            runs?: number;
            /**
             * Sessions
             * @default 0
             */
            sessions?: number;
            /**
             * Usage
             * @default 0
             */
            usage?: number;
            /**
             * Vectors
             * @default 0
             */
            vectors?: number;
            /**
             * Verified
             * @default false
             */
            verified?: boolean;
        };
        /**
         * Error
         * @description What went wrong.
         */
        Error: {
            /** Code */
            code?: string | null;
            /** Message */
            message: string;
            /** Param */
            param?: string | null;
            /** Type */
            type: string;
        };
        /**
         * ErrorBody
         * @description An error as OpenAI's clients read it.
         */
        ErrorBody: {
            error: components["schemas"]["Error"];
        };
        /**
         * ErrorEvent
         * @description The last event of a run that failed. What came before it is kept.
         */
        ErrorEvent: {
            /** Code */
            code: string;
            /**
             * Retry After
             * @default null
             */
            retry_after?: number | null;
            /** Retryable */
            retryable: boolean;
            /** Title */
            title: string;
        };
        /**
         * FeedbackToken
         * @description Represents the feedback tokens for a given request.
         */
        FeedbackToken: {
            /** Expires At */
            expires_at?: string | null;
            /** Key */
            key: string;
            /** Token Url */
            token_url?: string | null;
        };
        /**
         * ForgottenEvent
         * @description Memories are gone: these, with `session_id` all that came from that session too, with `all` all there were.
         */
        ForgottenEvent: {
            /**
             * All
             * @default false
             */
            all?: boolean;
            /** Ids */
            ids: string[];
            /**
             * Session Id
             * @default null
             */
            session_id?: string | null;
        };
        /**
         * Found
         * @description A memory found by a search.
         */
        Found: {
            /** Akin */
            akin: boolean;
            /**
             * Confirmed
             * @default 0
             */
            confirmed?: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Day */
            day?: string | null;
            /** Earlier */
            earlier?: components["schemas"]["EarlierMemory"][];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            kind: components["schemas"]["MemoryKind"];
            /** Last Recalled At */
            last_recalled_at?: string | null;
            /**
             * Pinned
             * @default false
             */
            pinned?: boolean;
            /**
             * Recalled Count
             * @default 0
             */
            recalled_count?: number;
            /** Relevant */
            relevant: boolean;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Score */
            score?: number | null;
            /**
             * Session Archived
             * @default false
             */
            session_archived?: boolean;
            /** Session Id */
            session_id: string | null;
            /** Session Title */
            session_title?: string | null;
            /** Sources */
            sources?: components["schemas"]["Source"][];
            /** Speaker */
            speaker?: string | null;
            /** @default active */
            state?: components["schemas"]["MemoryState"];
            /** Superseded By */
            superseded_by?: string | null;
            /** Text */
            text: string;
            /** Valid From */
            valid_from?: string | null;
            /** Valid To */
            valid_to?: string | null;
        };
        /**
         * Health
         * @description Alive.
         */
        Health: {
            /** Commit */
            commit: string;
            /**
             * Status
             * @default ok
             * @constant
             */
            status?: "ok";
            /** Version */
            version: string;
        };
        /**
         * HelloEvent
         * @description The first event. From now on all is told; when it comes again, something may have been missed in between.
         */
        HelloEvent: Record<string, never>;
        /**
         * HumanMessage
         * @description Message from the user.
         *
         *     A `HumanMessage` is a message that is passed in from a user to the model.
         *
         *     Example:
         *         ```python
         *         from langchain_core.messages import HumanMessage, SystemMessage
         *
         *         messages = [
         *             SystemMessage(content="You are a helpful assistant! Your name is Bob."),
         *             HumanMessage(content="What is your name?"),
         *         ]
         *
         *         # Instantiate a chat model and invoke it with the messages
         *         model = ...
         *         print(model.invoke(messages))
         *         ```
         */
        HumanMessage: {
            /** Additional Kwargs */
            additional_kwargs?: {
                [key: string]: unknown;
            };
            /** Content */
            content: string | (string | {
                [key: string]: unknown;
            })[];
            /** Id */
            id?: string | null;
            /** Name */
            name?: string | null;
            /** Response Metadata */
            response_metadata?: {
                [key: string]: unknown;
            };
            /**
             * Type
             * @default human
             * @constant
             */
            type?: "human";
        } & {
            [key: string]: unknown;
        };
        /**
         * InputTokenDetails
         * @description Breakdown of input token counts.
         *
         *     Does *not* need to sum to full input token count. Does *not* need to have all keys.
         *
         *     Example:
         *         ```python
         *         {
         *             "audio": 10,
         *             "cache_creation": 200,
         *             "cache_read": 100,
         *         }
         *         ```
         *
         *     May also hold extra provider-specific keys.
         *
         *     !!! version-added "Added in `langchain-core` 0.3.9"
         */
        InputTokenDetails: {
            /** Audio */
            audio?: number;
            /** Cache Creation */
            cache_creation?: number;
            /** Cache Read */
            cache_read?: number;
        } & {
            [key: string]: unknown;
        };
        /**
         * InvalidToolCall
         * @description Allowance for errors made by LLM.
         *
         *     Here we add an `error` key to surface errors made during generation
         *     (e.g., invalid JSON arguments.)
         */
        InvalidToolCall: {
            /** Args */
            args: string | null;
            /** Error */
            error: string | null;
            /** Extras */
            extras?: {
                [key: string]: unknown;
            };
            /** Id */
            id: string | null;
            /** Index */
            index?: number | string;
            /** Name */
            name: string | null;
            /**
             * Type
             * @constant
             */
            type: "invalid_tool_call";
        } & {
            [key: string]: unknown;
        };
        /**
         * InvokeResponseMetadata
         * @description Represents response metadata used for just single input/output LangServe
         *     responses.
         */
        InvokeResponseMetadata: {
            /**
             * Feedback Tokens
             * @description Feedback tokens from the given run.These tokens allow a user to provide feedback on the run.Only available if server was configured to provide feedback tokens.
             */
            feedback_tokens: components["schemas"]["FeedbackToken"][];
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
        };
        /**
         * Job
         * @description Work that goes on in the background.
         */
        Job: {
            /** Error */
            error?: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Imported */
            imported?: number | null;
            /** Kind */
            kind: string;
            /** Processed */
            processed: number;
            /**
             * Skipped
             * @default {}
             */
            skipped?: {
                [key: string]: number;
            };
            /**
             * State
             * @enum {string}
             */
            state: "queued" | "running" | "succeeded" | "failed";
            /** Total */
            total: number;
        };
        /**
         * JobEvent
         * @description How far a job is: at its beginning, about once a second, and at its end.
         */
        JobEvent: {
            /**
             * Error
             * @default null
             */
            error?: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Imported
             * @default null
             */
            imported?: number | null;
            /** Kind */
            kind: string;
            /** Processed */
            processed: number;
            /**
             * Skipped
             * @default {}
             */
            skipped?: {
                [key: string]: number;
            };
            /**
             * State
             * @enum {string}
             */
            state: "queued" | "running" | "succeeded" | "failed";
            /** Total */
            total: number;
        };
        /**
         * Key
         * @description A key of yours.
         */
        Key: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Current */
            current: boolean;
            /** Expires At */
            expires_at: string | null;
            /** Hint */
            hint: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /** Scopes */
            scopes: ("chat" | "memories:read" | "memories:write" | "account" | "users")[];
        };
        /**
         * KeyList
         * @description The newest first; those that were revoked are left out.
         */
        KeyList: {
            /** Items */
            items: components["schemas"]["Key"][];
        };
        /**
         * LeftMemory
         * @description A memory that left. Its words are where they were said.
         */
        LeftMemory: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            kind: components["schemas"]["MemoryKind"];
            reason: components["schemas"]["Reason"];
            /** Session Id */
            session_id: string | null;
        };
        /**
         * LimitsPatch
         * @description What to change; null: as much as is kept of everyone.
         */
        LimitsPatch: {
            /** Days */
            days?: number | null;
            /** Memories */
            memories?: number | null;
        };
        /**
         * ListedMemory
         * @description A memory with what it has taken the place of.
         */
        ListedMemory: {
            /**
             * Confirmed
             * @default 0
             */
            confirmed?: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Day */
            day?: string | null;
            /** Earlier */
            earlier?: components["schemas"]["EarlierMemory"][];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            kind: components["schemas"]["MemoryKind"];
            /** Last Recalled At */
            last_recalled_at?: string | null;
            /**
             * Pinned
             * @default false
             */
            pinned?: boolean;
            /**
             * Recalled Count
             * @default 0
             */
            recalled_count?: number;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Score */
            score?: number | null;
            /**
             * Session Archived
             * @default false
             */
            session_archived?: boolean;
            /** Session Id */
            session_id: string | null;
            /** Session Title */
            session_title?: string | null;
            /** Sources */
            sources?: components["schemas"]["Source"][];
            /** Speaker */
            speaker?: string | null;
            /** @default active */
            state?: components["schemas"]["MemoryState"];
            /** Superseded By */
            superseded_by?: string | null;
            /** Text */
            text: string;
            /** Valid From */
            valid_from?: string | null;
            /** Valid To */
            valid_to?: string | null;
        };
        /**
         * ListedSession
         * @description A session as a list or a search finds it.
         */
        ListedSession: {
            /** Active Run Id */
            active_run_id?: string | null;
            /**
             * Archived
             * @default false
             */
            archived?: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Head Id */
            head_id?: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            match?: components["schemas"]["SessionMatch"] | null;
            /**
             * Memory Enabled
             * @default true
             */
            memory_enabled?: boolean;
            /**
             * Temporary
             * @default false
             */
            temporary?: boolean;
            /** Title */
            title: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * MadeKey
         * @description A key that was made just now.
         */
        MadeKey: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Current */
            current: boolean;
            /** Expires At */
            expires_at: string | null;
            /** Hint */
            hint: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Key */
            key: string;
            /** Last Used At */
            last_used_at: string | null;
            /** Name */
            name: string;
            /** Scopes */
            scopes: ("chat" | "memories:read" | "memories:write" | "account" | "users")[];
        };
        /**
         * Me
         * @description You, and the service that you speak with.
         */
        Me: {
            /** About Me */
            about_me: string;
            /** How To Answer */
            how_to_answer: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Language */
            language: string | null;
            /** Memory Enabled */
            memory_enabled: boolean;
            /** Name */
            name: string;
            retention: components["schemas"]["OwnLimits"];
            service: components["schemas"]["Service"];
        };
        /**
         * MeChangedEvent
         * @description What the user has set is otherwise.
         */
        MeChangedEvent: Record<string, never>;
        /**
         * MePatch
         * @description What to change; what is left out stays, null clears.
         */
        MePatch: {
            /** About Me */
            about_me?: string | null;
            /** How To Answer */
            how_to_answer?: string | null;
            /** Language */
            language?: string | null;
            /**
             * Memory Enabled
             * @default true
             */
            memory_enabled?: boolean;
            retention?: components["schemas"]["LimitsPatch"] | null;
        };
        /**
         * Memocha
         * @description What is beyond OpenAI's form.
         */
        Memocha: {
            /** Degraded */
            degraded: boolean;
            /** Memories */
            memories: components["schemas"]["RecalledMemory"][];
            /** Message Id */
            message_id: string | null;
            /** Session Id */
            session_id: string | null;
        };
        /**
         * MemoriesChangedEvent
         * @description Memories were added or changed by hand, or left as the limits say: what is shown of them is to be read anew.
         */
        MemoriesChangedEvent: Record<string, never>;
        /**
         * MemoriesEvent
         * @description All that the answer is given.
         */
        MemoriesEvent: {
            /**
             * Degraded
             * @default false
             */
            degraded?: boolean;
            /**
             * Forgotten
             * @default 0
             */
            forgotten?: number;
            /** Items */
            items: components["schemas"]["RecalledMemory"][];
            /** Took Ms */
            took_ms: number;
        };
        /**
         * Memory
         * @description One thing remembered.
         */
        Memory: {
            /**
             * Confirmed
             * @default 0
             */
            confirmed?: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Day */
            day?: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            kind: components["schemas"]["MemoryKind"];
            /** Last Recalled At */
            last_recalled_at?: string | null;
            /**
             * Pinned
             * @default false
             */
            pinned?: boolean;
            /**
             * Recalled Count
             * @default 0
             */
            recalled_count?: number;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Score */
            score?: number | null;
            /**
             * Session Archived
             * @default false
             */
            session_archived?: boolean;
            /** Session Id */
            session_id: string | null;
            /** Session Title */
            session_title?: string | null;
            /** Sources */
            sources?: components["schemas"]["Source"][];
            /** Speaker */
            speaker?: string | null;
            /** @default active */
            state?: components["schemas"]["MemoryState"];
            /** Superseded By */
            superseded_by?: string | null;
            /** Text */
            text: string;
            /** Valid From */
            valid_from?: string | null;
            /** Valid To */
            valid_to?: string | null;
        };
        /**
         * MemoryDetail
         * @description One memory with what became of it.
         */
        MemoryDetail: {
            /**
             * Confirmed
             * @default 0
             */
            confirmed?: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Day */
            day?: string | null;
            /** Earlier */
            earlier?: components["schemas"]["Memory"][];
            /** History */
            history?: components["schemas"]["MemoryEvent"][];
            /**
             * Id
             * Format: uuid
             */
            id: string;
            kind: components["schemas"]["MemoryKind"];
            /** Last Recalled At */
            last_recalled_at?: string | null;
            /**
             * Pinned
             * @default false
             */
            pinned?: boolean;
            /**
             * Recalled Count
             * @default 0
             */
            recalled_count?: number;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Score */
            score?: number | null;
            /**
             * Session Archived
             * @default false
             */
            session_archived?: boolean;
            /** Session Id */
            session_id: string | null;
            /** Session Title */
            session_title?: string | null;
            /** Sources */
            sources?: components["schemas"]["Source"][];
            /** Speaker */
            speaker?: string | null;
            /** @default active */
            state?: components["schemas"]["MemoryState"];
            /** Superseded By */
            superseded_by?: string | null;
            /** Text */
            text: string;
            /** Valid From */
            valid_from?: string | null;
            /** Valid To */
            valid_to?: string | null;
        };
        /**
         * MemoryEvent
         * @description One step in a memory's life.
         */
        MemoryEvent: {
            /** Action */
            action: string;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Old Text */
            old_text?: string | null;
        };
        /**
         * MemoryKind
         * @description `episode`: a message as it was said. `fact`: a statement about the user. `digest`: what a day was about.
         * @enum {string}
         */
        MemoryKind: "episode" | "fact" | "digest";
        /**
         * MemoryPatch
         * @description What to change; what is left out stays.
         */
        MemoryPatch: {
            /** Pinned */
            pinned?: boolean | null;
            state?: components["schemas"]["MemoryState"] | null;
            /** Text */
            text?: string | null;
        };
        /**
         * MemoryState
         * @description A paused memory is kept and shown, and never recalled.
         * @enum {string}
         */
        MemoryState: "active" | "paused";
        /**
         * Message
         * @description One message of a session.
         */
        Message: {
            /** Content */
            content: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Degraded
             * @default false
             */
            degraded?: boolean;
            /** Error Code */
            error_code?: string | null;
            /** Finish Reason */
            finish_reason?: ("stop" | "length" | "stopped" | "interrupted") | null;
            /**
             * Forgotten
             * @default 0
             */
            forgotten?: number;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /** Learned */
            learned?: components["schemas"]["Memory"][];
            /** Memories */
            memories?: components["schemas"]["RecalledMemory"][];
            /** Model */
            model?: string | null;
            /** Parent Id */
            parent_id?: string | null;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Siblings */
            siblings?: string[];
            /** Speaker */
            speaker?: string | null;
            usage?: components["schemas"]["UsageEvent"] | null;
        };
        /**
         * MessagePage
         * @description Some of the shown branch, oldest first. `next_cursor` leads to what was said before, null at the beginning.
         */
        MessagePage: {
            /** Items */
            items: components["schemas"]["Message"][];
            /** Next Cursor */
            next_cursor?: string | null;
            /** Previous Cursor */
            previous_cursor?: string | null;
        };
        /**
         * ModelChoice
         * @description A model that a turn may ask for.
         */
        ModelChoice: {
            /** Context Tokens */
            context_tokens: number;
            /** Default */
            default: boolean;
            /** Input Price */
            input_price: number | null;
            /** Label */
            label: string;
            /** Local */
            local: boolean;
            /** Max Tokens */
            max_tokens: number;
            /** Name */
            name: string;
            /** Output Price */
            output_price: number | null;
        };
        /**
         * ModelList
         * @description The models, the default first.
         */
        ModelList: {
            /** Items */
            items: components["schemas"]["ModelChoice"][];
        };
        /**
         * NewKey
         * @description A key to make.
         */
        NewKey: {
            /** Expires At */
            expires_at?: string | null;
            /** Name */
            name: string;
            /** Scopes */
            scopes: ("chat" | "memories:read" | "memories:write" | "account" | "users")[];
        };
        /**
         * NewMemory
         * @description Something to remember, typed in by hand.
         */
        NewMemory: {
            /**
             * Kind
             * @default fact
             * @constant
             */
            kind?: "fact";
            /** Text */
            text: string;
            /** Valid From */
            valid_from?: string | null;
        };
        /**
         * NewSession
         * @description A session to be started before its first message.
         */
        NewSession: {
            /**
             * Memory Enabled
             * @default true
             */
            memory_enabled?: boolean;
            /**
             * Temporary
             * @default false
             */
            temporary?: boolean;
            /** Title */
            title?: string | null;
        };
        /**
         * NewUser
         * @description An account to make.
         */
        NewUser: {
            /** Login */
            login: string;
            /**
             * Password
             * @default true
             */
            password?: boolean;
            /**
             * Role
             * @default member
             * @enum {string}
             */
            role?: "member" | "admin";
        };
        /**
         * OfModel
         * @description One model, as its server calls it, in the same days.
         */
        OfModel: {
            /** Answers */
            answers: number;
            /** Cached Tokens */
            cached_tokens: number;
            /** Completion Tokens */
            completion_tokens: number;
            /** Cost Usd */
            cost_usd: number | null;
            /** Model */
            model: string;
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Unpriced */
            unpriced: number;
        };
        /**
         * OpenAIModel
         * @description A model that may be named.
         */
        OpenAIModel: {
            /**
             * Created
             * @default 0
             */
            created?: number;
            /** Id */
            id: string;
            /**
             * Object
             * @default model
             * @constant
             */
            object?: "model";
            /**
             * Owned By
             * @default memocha
             * @constant
             */
            owned_by?: "memocha";
        };
        /**
         * OpenAIModels
         * @description All of them.
         */
        OpenAIModels: {
            /** Data */
            data: components["schemas"]["OpenAIModel"][];
            /**
             * Object
             * @default list
             * @constant
             */
            object?: "list";
        };
        /**
         * OutputTokenDetails
         * @description Breakdown of output token counts.
         *
         *     Does *not* need to sum to full output token count. Does *not* need to have all keys.
         *
         *     Example:
         *         ```python
         *         {
         *             "audio": 10,
         *             "reasoning": 200,
         *         }
         *         ```
         *
         *     May also hold extra provider-specific keys.
         *
         *     !!! version-added "Added in `langchain-core` 0.3.9"
         */
        OutputTokenDetails: {
            /** Audio */
            audio?: number;
            /** Reasoning */
            reasoning?: number;
        } & {
            [key: string]: unknown;
        };
        /**
         * OwnLimits
         * @description What you want kept; null: as much as is kept of everyone (`GET /api/memories/retention` tells what holds).
         */
        OwnLimits: {
            /** Days */
            days: number | null;
            /** Memories */
            memories: number | null;
        };
        /** Page[ListedMemory] */
        Page_ListedMemory_: {
            /** Items */
            items: components["schemas"]["ListedMemory"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /** Page[ListedSession] */
        Page_ListedSession_: {
            /** Items */
            items: components["schemas"]["ListedSession"][];
            /** Next Cursor */
            next_cursor?: string | null;
        };
        /**
         * Part
         * @description A part of a message. Only text is taken.
         */
        Part: {
            /**
             * Text
             * @default
             */
            text?: string;
            /**
             * Type
             * @enum {string}
             */
            type: "text" | "input_text" | "output_text" | "refusal";
        };
        /**
         * PasswordChange
         * @description Two of them.
         */
        PasswordChange: {
            /** New */
            new: string;
            /** Old */
            old: string;
        };
        /**
         * Problem
         * @description RFC 9457. `code` is stable; `title` is for people.
         */
        Problem: {
            /** Code */
            code: string;
            /** Detail */
            detail?: string | null;
            /** Errors */
            errors?: {
                [key: string]: unknown;
            }[] | null;
            /** Left */
            left?: number | null;
            /** Limit */
            limit?: number | null;
            /** Line */
            line?: number | null;
            /** Request Id */
            request_id?: string | null;
            /** Run Id */
            run_id?: string | null;
            /** Status */
            status: number;
            /** Title */
            title: string;
            /**
             * Type
             * @default about:blank
             */
            type?: string;
            /** Unit */
            unit?: string | null;
            /** Whose */
            whose?: string | null;
        };
        /**
         * RateBound
         * @description A bound on how much may be asked for in a short time, and what is left of it.
         */
        RateBound: {
            /** Left */
            left: number;
            /** Limit */
            limit: number;
            /** More In */
            more_in: number;
            /**
             * Unit
             * @enum {string}
             */
            unit: "requests" | "turns";
            /** Window */
            window: number;
        };
        /**
         * Readiness
         * @description `down` when chat cannot work at all; `degraded` when it works with less.
         */
        Readiness: {
            /** Dependencies */
            dependencies: {
                [key: string]: components["schemas"]["Dependency"];
            };
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "degraded" | "down";
        };
        /**
         * Reason
         * @description Why a memory left.
         * @enum {string}
         */
        Reason: "age" | "count" | "size";
        /**
         * RecalledMemory
         * @description A memory as an answer was given it.
         */
        RecalledMemory: {
            /**
             * Confirmed
             * @default 0
             */
            confirmed?: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Day */
            day?: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * In View
             * @default false
             */
            in_view?: boolean;
            kind: components["schemas"]["MemoryKind"];
            /** Last Recalled At */
            last_recalled_at?: string | null;
            /** Number */
            number?: number | null;
            /**
             * Pinned
             * @default false
             */
            pinned?: boolean;
            /**
             * Recalled Count
             * @default 0
             */
            recalled_count?: number;
            /**
             * Role
             * @enum {string}
             */
            role: "user" | "assistant";
            /** Score */
            score?: number | null;
            /**
             * Session Archived
             * @default false
             */
            session_archived?: boolean;
            /** Session Id */
            session_id: string | null;
            /** Session Title */
            session_title?: string | null;
            /** Sources */
            sources?: components["schemas"]["Source"][];
            /** Speaker */
            speaker?: string | null;
            /** @default active */
            state?: components["schemas"]["MemoryState"];
            /** Superseded By */
            superseded_by?: string | null;
            /** Text */
            text: string;
            /** Valid From */
            valid_from?: string | null;
            /** Valid To */
            valid_to?: string | null;
        };
        /**
         * Receipt
         * @description What was removed, by store.
         */
        Receipt: {
            /**
             * Checkpoints
             * @default 0
             */
            checkpoints?: number;
            /**
             * Digests
             * @default 0
             */
            digests?: number;
            /**
             * Facts
             * @default 0
             */
            facts?: number;
            /**
             * Jobs
             * @default 0
             */
            jobs?: number;
            /**
             * Memories
             * @default 0
             */
            memories?: number;
            /**
             * Messages
             * @default 0
             */
            messages?: number;
            /** Note */
            note?: string | null;
            /**
             * Runs
             * @default 0
             */
            runs?: number;
            /**
             * Sessions
             * @default 0
             */
            sessions?: number;
            /**
             * Usage
             * @default 0
             */
            usage?: number;
            /**
             * Vectors
             * @default 0
             */
            vectors?: number;
            /**
             * Verified
             * @default false
             */
            verified?: boolean;
        };
        /**
         * RememberedEvent
         * @description Facts were learned from a message.
         */
        RememberedEvent: {
            /** Items */
            items: components["schemas"]["ListedMemory"][];
            /**
             * Message Id
             * Format: uuid
             */
            message_id: string;
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
        };
        /**
         * Retention
         * @description The limits of your memory, what it holds, and what left in the last 90 days.
         */
        Retention: {
            everyone: components["schemas"]["RetentionPolicy"];
            /** Holds From */
            holds_from?: string | null;
            policy: components["schemas"]["RetentionPolicy"];
            /** Runs */
            runs: components["schemas"]["RetentionRun"][];
            usage: components["schemas"]["RetentionUsage"];
        };
        /**
         * RetentionPolicy
         * @description Limits of a memory; null for none. Pinned memories stay whatever they are.
         */
        RetentionPolicy: {
            /** Bytes */
            bytes: number | null;
            /** Digest Days */
            digest_days: number | null;
            /** Episode Days */
            episode_days: number | null;
            /** Fact Days */
            fact_days: number | null;
            /** Memories */
            memories: number | null;
        };
        /**
         * RetentionPreview
         * @description What would leave under these limits, and when. Nothing has left for it to be told.
         */
        RetentionPreview: {
            /** At */
            at: string | null;
            /** Bytes */
            bytes: number;
            /** Items */
            items: components["schemas"]["WouldLeave"][];
            /** Kinds */
            kinds: {
                [key: string]: number;
            };
            /** Memories */
            memories: number;
            policy: components["schemas"]["RetentionPolicy"];
            /** Reasons */
            reasons: {
                [key: string]: number;
            };
        };
        /**
         * RetentionRun
         * @description What left at one time.
         */
        RetentionRun: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Bytes */
            bytes: number;
            /** Items */
            items: components["schemas"]["LeftMemory"][];
            /** Kinds */
            kinds: {
                [key: string]: number;
            };
            /** Memories */
            memories: number;
            /** Reasons */
            reasons: {
                [key: string]: number;
            };
        };
        /**
         * RetentionUsage
         * @description What your memory holds.
         */
        RetentionUsage: {
            /** Bytes */
            bytes: number;
            /** Coming */
            coming: number;
            /** Kinds */
            kinds: {
                [key: string]: number;
            };
            /** Memories */
            memories: number;
            /** Oldest */
            oldest: string | null;
            /** Paused */
            paused: number;
            /** Pinned */
            pinned: number;
        };
        /**
         * RunBegunEvent
         * @description A run begins; `GET /api/runs/{run_id}/events` joins it.
         */
        RunBegunEvent: {
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
        };
        /**
         * RunEvent
         * @description The first event. When it comes again (a run that was continued after a crash), the answer starts over.
         */
        RunEvent: {
            /**
             * Message Id
             * Format: uuid
             */
            message_id: string;
            /**
             * Run Id
             * Format: uuid
             */
            run_id: string;
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
            /** Title */
            title: string;
            /**
             * User Message Id
             * Format: uuid
             */
            user_message_id: string;
        };
        /**
         * SaidMessage
         * @description A message, as the client keeps it.
         */
        SaidMessage: {
            /** Content */
            content?: components["schemas"]["Part"][];
            /**
             * Role
             * @enum {string}
             */
            role: "system" | "developer" | "user" | "assistant";
        };
        /**
         * SearchResult
         * @description The best, best first.
         */
        SearchResult: {
            /** Degraded */
            degraded: boolean;
            /** Items */
            items: components["schemas"]["Found"][];
            /** Took Ms */
            took_ms: number;
        };
        /**
         * Service
         * @description What this service does for everyone, as its settings ask for it. Where they leave it open the default model
         *     decides, whichever one is chosen for a message.
         */
        Service: {
            /** Citations */
            citations: boolean;
            /** Facts */
            facts: boolean;
            /** Message Limit */
            message_limit: number;
            /** Titles */
            titles: boolean;
        };
        /**
         * Session
         * @description One conversation.
         */
        Session: {
            /** Active Run Id */
            active_run_id?: string | null;
            /**
             * Archived
             * @default false
             */
            archived?: boolean;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Head Id */
            head_id?: string | null;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Memory Enabled
             * @default true
             */
            memory_enabled?: boolean;
            /**
             * Temporary
             * @default false
             */
            temporary?: boolean;
            /** Title */
            title: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * SessionEvent
         * @description A session was made, changed or deleted, or an answer in it has ended.
         */
        SessionEvent: {
            /**
             * Deleted
             * @default false
             */
            deleted?: boolean;
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
        };
        /**
         * SessionMatch
         * @description Where a search hit what was said in a session.
         */
        SessionMatch: {
            /**
             * Message Id
             * Format: uuid
             */
            message_id: string;
            /** Text */
            text: string;
        };
        /**
         * SessionPatch
         * @description What to change; what is left out stays.
         */
        SessionPatch: {
            /** Archived */
            archived?: boolean | null;
            /**
             * Head
             * @description A message; the branch that goes through it is shown from now on.
             */
            head?: string | null;
            /** Memory Enabled */
            memory_enabled?: boolean | null;
            /** Title */
            title?: string | null;
        };
        /**
         * SignInList
         * @description The one seen last first.
         */
        SignInList: {
            /** Items */
            items: components["schemas"]["SignedIn"][];
        };
        /**
         * SignInRequest
         * @description Who somebody is.
         */
        SignInRequest: {
            /** Login */
            login: string;
            /** Password */
            password: string;
        };
        /**
         * SignedIn
         * @description A browser that you are signed in with.
         */
        SignedIn: {
            /** Agent */
            agent: string;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Current */
            current: boolean;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            /**
             * Last Seen At
             * Format: date-time
             */
            last_seen_at: string;
            /**
             * Way
             * @enum {string}
             */
            way: "password" | "oidc";
        };
        /**
         * Source
         * @description The message that a memory came from.
         */
        Source: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** External Id */
            external_id?: string | null;
            /**
             * Message Id
             * Format: uuid
             */
            message_id: string;
            /** Quote */
            quote?: string | null;
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
        };
        /**
         * SpentOn
         * @description What some answers took.
         */
        SpentOn: {
            /** Answers */
            answers: number;
            /** Cached Tokens */
            cached_tokens: number;
            /** Completion Tokens */
            completion_tokens: number;
            /** Cost Usd */
            cost_usd: number | null;
            /** Prompt Tokens */
            prompt_tokens: number;
            /** Unpriced */
            unpriced: number;
        };
        /**
         * StatusEvent
         * @description What works, as /ready tells it: at the beginning, and when it changes.
         */
        StatusEvent: {
            /** Dependencies */
            dependencies: {
                [key: string]: components["schemas"]["Dependency"];
            };
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "degraded" | "down";
        };
        /**
         * StreamOptions
         * @description What a stream brings beside the words.
         */
        StreamOptions: {
            /** Include Usage */
            include_usage?: boolean | null;
        };
        /**
         * SystemMessage
         * @description Message for priming AI behavior.
         *
         *     The system message is usually passed in as the first of a sequence
         *     of input messages.
         *
         *     Example:
         *         ```python
         *         from langchain_core.messages import HumanMessage, SystemMessage
         *
         *         messages = [
         *             SystemMessage(content="You are a helpful assistant! Your name is Bob."),
         *             HumanMessage(content="What is your name?"),
         *         ]
         *
         *         # Define a chat model and invoke it with the messages
         *         print(model.invoke(messages))
         *         ```
         */
        SystemMessage: {
            /** Additional Kwargs */
            additional_kwargs?: {
                [key: string]: unknown;
            };
            /** Content */
            content: string | (string | {
                [key: string]: unknown;
            })[];
            /** Id */
            id?: string | null;
            /** Name */
            name?: string | null;
            /** Response Metadata */
            response_metadata?: {
                [key: string]: unknown;
            };
            /**
             * Type
             * @default system
             * @constant
             */
            type?: "system";
        } & {
            [key: string]: unknown;
        };
        /**
         * TextFormat
         * @description The form of the answer: words.
         */
        TextFormat: {
            /**
             * Type
             * @constant
             */
            type: "text";
        };
        /**
         * TitleEvent
         * @description A session was titled by the model.
         */
        TitleEvent: {
            /**
             * Session Id
             * Format: uuid
             */
            session_id: string;
            /** Title */
            title: string;
        };
        /**
         * TokenEvent
         * @description The next piece of the answer.
         */
        TokenEvent: {
            /** Text */
            text: string;
        };
        /**
         * TokenUsage
         * @description What the answer took; 0 for what the model's server did not say.
         */
        TokenUsage: {
            /** Completion Tokens */
            completion_tokens: number;
            /** Prompt Tokens */
            prompt_tokens: number;
            prompt_tokens_details: components["schemas"]["CachedTokens"];
            /** Total Tokens */
            total_tokens: number;
        };
        /**
         * ToolCall
         * @description Represents an AI's request to call a tool.
         *
         *     Example:
         *         ```python
         *         {"name": "foo", "args": {"a": 1}, "id": "123"}
         *         ```
         *
         *         This represents a request to call the tool named `'foo'` with arguments
         *         `{"a": 1}` and an identifier of `'123'`.
         *
         *     !!! note "Factory function"
         *
         *         `tool_call` may also be used as a factory to create a `ToolCall`. Benefits
         *         include:
         *
         *         * Required arguments strictly validated at creation time
         */
        ToolCall: {
            /** Args */
            args: {
                [key: string]: unknown;
            };
            /** Id */
            id: string | null;
            /** Name */
            name: string;
            /**
             * Type
             * @constant
             */
            type?: "tool_call";
        } & {
            [key: string]: unknown;
        };
        /**
         * UsageEvent
         * @description What the answer took.
         */
        UsageEvent: {
            /** Cached Tokens */
            cached_tokens: number | null;
            /** Completion Tokens */
            completion_tokens: number | null;
            /** Cost Usd */
            cost_usd?: number | null;
            /** Prompt Tokens */
            prompt_tokens: number | null;
            /** Ttft Ms */
            ttft_ms: number | null;
        };
        /**
         * UsageMetadata
         * @description Usage metadata for a message, such as token counts.
         *
         *     This is a standard representation of token usage that is consistent across models.
         *
         *     Example:
         *         ```python
         *         {
         *             "input_tokens": 350,
         *             "output_tokens": 240,
         *             "total_tokens": 590,
         *             "input_token_details": {
         *                 "audio": 10,
         *                 "cache_creation": 200,
         *                 "cache_read": 100,
         *             },
         *             "output_token_details": {
         *                 "audio": 10,
         *                 "reasoning": 200,
         *             },
         *         }
         *         ```
         *
         *     !!! warning "Behavior changed in `langchain-core` 0.3.9"
         *
         *         Added `input_token_details` and `output_token_details`.
         *
         *     !!! note "LangSmith SDK"
         *
         *         The LangSmith SDK also has a `UsageMetadata` class. While the two share fields,
         *         LangSmith's `UsageMetadata` has additional fields to capture cost information
         *         used by the LangSmith platform.
         */
        UsageMetadata: {
            input_token_details?: components["schemas"]["InputTokenDetails"];
            /** Input Tokens */
            input_tokens: number;
            output_token_details?: components["schemas"]["OutputTokenDetails"];
            /** Output Tokens */
            output_tokens: number;
            /** Total Tokens */
            total_tokens: number;
        } & {
            [key: string]: unknown;
        };
        /**
         * UsageReport
         * @description What was spent. Deleting a session does not change it; erasing all of one's data does.
         */
        UsageReport: {
            /** Budgets */
            budgets: components["schemas"]["BudgetLeft"][];
            /** Days */
            days: components["schemas"]["Day"][];
            /** Models */
            models: components["schemas"]["OfModel"][];
            month: components["schemas"]["SpentOn"];
            /** Rates */
            rates: components["schemas"]["RateBound"][];
            today: components["schemas"]["SpentOn"];
        };
        /**
         * UserEvent
         * @description One event outside a turn: `event` names the form of `data`. They have no ids.
         */
        UserEvent: {
            /** Data */
            data: components["schemas"]["TitleEvent"] | components["schemas"]["RememberedEvent"] | components["schemas"]["ForgottenEvent"] | components["schemas"]["JobEvent"] | components["schemas"]["StatusEvent"] | components["schemas"]["SessionEvent"] | components["schemas"]["RunBegunEvent"] | components["schemas"]["MemoriesChangedEvent"] | components["schemas"]["MeChangedEvent"] | components["schemas"]["HelloEvent"];
            /**
             * Event
             * @enum {string}
             */
            event: "hello" | "title" | "remembered" | "forgotten" | "job" | "status" | "session" | "run" | "memories" | "me";
        };
        /**
         * UserPatch
         * @description What to change; what is left out stays.
         */
        UserPatch: {
            /**
             * Disabled
             * @default false
             */
            disabled?: boolean;
            /**
             * New Password
             * @default true
             * @constant
             */
            new_password?: true;
            /**
             * Role
             * @default member
             * @enum {string}
             */
            role?: "member" | "admin";
        };
        /**
         * WouldLeave
         * @description A memory that would leave.
         */
        WouldLeave: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Id
             * Format: uuid
             */
            id: string;
            kind: components["schemas"]["MemoryKind"];
            reason: components["schemas"]["Reason"];
            /** Text */
            text: string;
        };
        /** answer_output */
        answer_output: string;
        /** chatBatchRequest */
        chatBatchRequest: {
            /**
             * Config
             * @description Subset of RunnableConfig object in LangChain. Either specify one config for all inputs or a list of configs with one per input. Useful for passing information like tags, metadata etc.
             */
            config?: components["schemas"]["chatanswer_config"] | components["schemas"]["chatanswer_config"][];
            /** Inputs */
            inputs: components["schemas"]["ChatInput"][];
            /**
             * Kwargs
             * @description Keyword arguments to the runnable. Currently ignored.
             */
            kwargs?: {
                [key: string]: unknown;
            };
        };
        /** chatBatchResponse */
        chatBatchResponse: {
            /** @description Metadata about the response that may be useful to specific clients */
            metadata: components["schemas"]["BatchResponseMetadata"];
            /**
             * Output
             * @description The outputs corresponding to the inputs the batch request.
             */
            output: components["schemas"]["answer_output"][];
        };
        /** chatConfigurable */
        chatConfigurable: {
            /**
             * session_id
             * @description The id of a session to go on with; none: found by the messages, else a new one.
             */
            session_id?: string | null;
        };
        /** chatInvokeRequest */
        chatInvokeRequest: {
            /** @description Subset of RunnableConfig object in LangChain. Useful for passing information like tags, metadata etc. */
            config?: components["schemas"]["chatanswer_config"];
            /** @description The input to the runnable. */
            input: components["schemas"]["ChatInput"];
            /**
             * Kwargs
             * @description Keyword arguments to the runnable. Currently ignored.
             */
            kwargs?: {
                [key: string]: unknown;
            };
        };
        /** chatInvokeResponse */
        chatInvokeResponse: {
            /** @description Metadata about the response that may be useful to specific clients */
            metadata: components["schemas"]["InvokeResponseMetadata"];
            /** @description The output of the invocation. */
            output: components["schemas"]["answer_output"];
        };
        /** chatStreamEventsRequest */
        chatStreamEventsRequest: {
            config?: components["schemas"]["chatanswer_config"];
            /**
             * Exclude Names
             * @description If specified, exclude runnables with matching names
             */
            exclude_names?: string[] | null;
            /**
             * Exclude Tags
             * @description If specified, exclude runnables with matching tags
             */
            exclude_tags?: string[] | null;
            /**
             * Exclude Types
             * @description If specified, exclude runnables with matching types
             */
            exclude_types?: string[] | null;
            /**
             * Include Names
             * @description If specified, filter to runnables with matching names
             */
            include_names?: string[] | null;
            /**
             * Include Tags
             * @description If specified, filter to runnables with matching tags
             */
            include_tags?: string[] | null;
            /**
             * Include Types
             * @description If specified, filter to runnables with matching types
             */
            include_types?: string[] | null;
            input: components["schemas"]["ChatInput"];
            /** Kwargs */
            kwargs?: {
                [key: string]: unknown;
            };
        };
        /** chatStreamLogRequest */
        chatStreamLogRequest: {
            config?: components["schemas"]["chatanswer_config"];
            /**
             * Exclude Names
             * @description If specified, exclude runnables with matching names
             */
            exclude_names?: string[] | null;
            /**
             * Exclude Tags
             * @description If specified, exclude runnables with matching tags
             */
            exclude_tags?: string[] | null;
            /**
             * Exclude Types
             * @description If specified, exclude runnables with matching types
             */
            exclude_types?: string[] | null;
            /**
             * Include Names
             * @description If specified, filter to runnables with matching names
             */
            include_names?: string[] | null;
            /**
             * Include Tags
             * @description If specified, filter to runnables with matching tags
             */
            include_tags?: string[] | null;
            /**
             * Include Types
             * @description If specified, filter to runnables with matching types
             */
            include_types?: string[] | null;
            input: components["schemas"]["ChatInput"];
            /** Kwargs */
            kwargs?: {
                [key: string]: unknown;
            };
        };
        /** chatStreamRequest */
        chatStreamRequest: {
            /** @description Subset of RunnableConfig object in LangChain. Useful for passing information like tags, metadata etc. */
            config?: components["schemas"]["chatanswer_config"];
            /** @description The input to the runnable. */
            input: components["schemas"]["ChatInput"];
            /**
             * Kwargs
             * @description Keyword arguments to the runnable. Currently ignored.
             */
            kwargs?: {
                [key: string]: unknown;
            };
        };
        /** chatanswer_config */
        chatanswer_config: {
            /** configurable */
            configurable?: components["schemas"]["chatConfigurable"];
        };
    };
    responses: {
        /** @description No credential, or a wrong one. */
        ErrorBody401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description Sent by a page of another origin, to a name that is not ours, or with a key for less. */
        ErrorBody403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description The body is larger than is taken. */
        ErrorBody413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description Too many requests, or no budget for another answer; `code` says which. */
        ErrorBody429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description Something that is needed is away, or the turn failed; `code` says why. */
        ErrorBody503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["ErrorBody"];
            };
        };
        /** @description No credential, or a wrong one. */
        Problem401: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Sent by a page of another origin, to a name that is not ours, or with a key for less. */
        Problem403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is larger than is taken. */
        Problem413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Too many requests, or no budget for another answer; `code` says which. */
        Problem429: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Something that is needed is away, or the turn failed; `code` says why. */
        Problem503: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_auth_api_auth_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthState"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    go_api_auth_oidc_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    come_back_api_auth_oidc_callback_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    change_password_api_auth_password_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["Problem503"];
        };
    };
    sign_in_api_auth_sign_in_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthState"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too Many Requests */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            503: components["responses"]["Problem503"];
        };
    };
    list_sign_ins_api_auth_sign_ins_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    end_sign_ins_api_auth_sign_ins_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ended"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    end_sign_in_api_auth_sign_ins__sign_in_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sign_in_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ended"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    sign_out_api_auth_sign_out_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_api_chat_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChatRequest"];
            };
        };
        responses: {
            /** @description The events of the run (see ChatEvent), or the whole turn for Accept: application/json. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                    "text/event-stream": {
                        data: string;
                        /** @constant */
                        event: "run";
                        id: string;
                    } | {
                        data: string;
                        /** @constant */
                        event: "memories";
                        id: string;
                    } | {
                        data: string;
                        /** @constant */
                        event: "token";
                        id: string;
                    } | {
                        data: string;
                        /** @constant */
                        event: "usage";
                        id: string;
                    } | {
                        data: string;
                        /** @constant */
                        event: "done";
                        id: string;
                    } | {
                        data: string;
                        /** @constant */
                        event: "error";
                        id: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is answering another message; `run_id` names the run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    follow_events_api_events_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events as they happen (see UserEvent), until the client leaves. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        data: string;
                        /** @constant */
                        event: "hello";
                    } | {
                        data: string;
                        /** @constant */
                        event: "title";
                    } | {
                        data: string;
                        /** @constant */
                        event: "remembered";
                    } | {
                        data: string;
                        /** @constant */
                        event: "forgotten";
                    } | {
                        data: string;
                        /** @constant */
                        event: "job";
                    } | {
                        data: string;
                        /** @constant */
                        event: "status";
                    } | {
                        data: string;
                        /** @constant */
                        event: "session";
                    } | {
                        data: string;
                        /** @constant */
                        event: "run";
                    } | {
                        data: string;
                        /** @constant */
                        event: "memories";
                    } | {
                        data: string;
                        /** @constant */
                        event: "me";
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    export_lines_api_export_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Lines that an import takes. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    import_lines_api_import_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-ndjson": string;
                "application/zip": string;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Request Entity Too Large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    get_job_api_jobs__job_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    list_keys_api_keys_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    create_key_api_keys_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKey"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeKey"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    revoke_key_api_keys__key_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    get_me_api_me_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    change_me_api_me_patch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MePatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    erase_api_me_data_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureReceipt"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    list_memories_api_memories_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
                kind?: components["schemas"]["MemoryKind"] | null;
                session_id?: string | null;
                /** @description In place of `session_id`: the session's id, or the one of your own that an import has it by. */
                session?: string | null;
                /** @description RFC 3339 */
                since?: string | null;
                /** @description RFC 3339 */
                until?: string | null;
                pinned?: boolean | null;
                state?: components["schemas"]["MemoryState"] | null;
                /** @description Whether it has taken the place of another. */
                changed?: boolean | null;
                /** @description Whether another has taken its place. */
                superseded?: boolean | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ListedMemory_"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    add_memory_api_memories_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMemory"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Memory"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    clear_memories_api_memories_delete: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    change_many_api_memories_bulk_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Bulk"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    get_retention_api_memories_retention_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Retention"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    preview_retention_api_memories_retention_preview_get: {
        parameters: {
            query?: {
                /** @description In place of what you have set; with `try=true` null is none. */
                memories?: number | null;
                /** @description In place of what you have set; with `try=true` null is none. */
                days?: number | null;
                /** @description With the limits given here, not those set. */
                try?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetentionPreview"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    search_memories_api_memories_search_get: {
        parameters: {
            query: {
                q: string;
                k?: number;
                session_id?: string | null;
                /** @description In place of `session_id`: the session's id, or the one of your own that an import has it by. */
                session?: string | null;
                /** @description RFC 3339 */
                since?: string | null;
                /** @description RFC 3339 */
                until?: string | null;
                kind?: components["schemas"]["MemoryKind"] | null;
                pinned?: boolean | null;
                state?: components["schemas"]["MemoryState"];
                /** @description Whether it has taken the place of another. */
                changed?: boolean | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchResult"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    get_memory_api_memories__memory_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                memory_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemoryDetail"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_memory_api_memories__memory_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                memory_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    change_memory_api_memories__memory_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                memory_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemoryPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedMemory"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    models_api_models_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    cancel_api_runs__run_id__cancel_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Cancelled"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    events_api_runs__run_id__events_get: {
        parameters: {
            query?: never;
            header?: {
                "last-event-id"?: number;
            };
            path: {
                run_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events of the run (see ChatEvent). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        data: string;
                        /** @constant */
                        event: "run";
                        id: string;
                    } | {
                        data: string;
                        /** @constant */
                        event: "memories";
                        id: string;
                    } | {
                        data: string;
                        /** @constant */
                        event: "token";
                        id: string;
                    } | {
                        data: string;
                        /** @constant */
                        event: "usage";
                        id: string;
                    } | {
                        data: string;
                        /** @constant */
                        event: "done";
                        id: string;
                    } | {
                        data: string;
                        /** @constant */
                        event: "error";
                        id: string;
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    list_sessions_api_sessions_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
                search?: string | null;
                /** @description Those in the archive, or those and the others. */
                archived?: boolean | "any";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ListedSession_"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    create_session_api_sessions_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSession"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    get_session_api_sessions__session_id__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_session_api_sessions__session_id__delete: {
        parameters: {
            query?: {
                memories?: "keep" | "delete";
            };
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    change_session_api_sessions__session_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    list_messages_api_sessions__session_id__messages_get: {
        parameters: {
            query?: {
                limit?: number;
                cursor?: string | null;
                /** @description A message: the page has it in its middle. */
                around?: string | null;
            };
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessagePage"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    reset_session_api_sessions__session_id__reset_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    usage_api_usage_get: {
        parameters: {
            query?: {
                days?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageReport"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    list_users_api_users_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AccountList"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    create_user_api_users_post: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedAccount"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    delete_user_api_users__user_id__delete: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureReceipt"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    change_user_api_users__user_id__patch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                user_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedAccount"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_batch_chat_batch_post: {
        parameters: {
            query?: {
                config_hash?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["chatBatchRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["chatBatchResponse"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such session. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is answering another message; `run_id` names the run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_batch_with_config_chat_c__config_hash__batch_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                config_hash: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["chatBatchRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["chatBatchResponse"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such session. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is answering another message; `run_id` names the run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_config_schema_with_config_chat_c__config_hash__config_schema_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                config_hash: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_input_schema_with_config_chat_c__config_hash__input_schema_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                config_hash: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_invoke_with_config_chat_c__config_hash__invoke_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                config_hash: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["chatInvokeRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["chatInvokeResponse"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such session. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is answering another message; `run_id` names the run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_output_schema_with_config_chat_c__config_hash__output_schema_get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                config_hash: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_stream_with_config_chat_c__config_hash__stream_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                config_hash: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["chatStreamRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        data?: string;
                        /** @enum {unknown} */
                        event: "metadata" | "data" | "error" | "end";
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such session. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is answering another message; `run_id` names the run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_stream_events_with_config_chat_c__config_hash__stream_events_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                config_hash: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["chatStreamEventsRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        data?: string;
                        /** @enum {unknown} */
                        event: "metadata" | "data" | "error" | "end";
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such session. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is answering another message; `run_id` names the run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_stream_log_with_config_chat_c__config_hash__stream_log_post: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                config_hash: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["chatStreamLogRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        data?: string;
                        /** @enum {unknown} */
                        event: "metadata" | "data" | "error" | "end";
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such session. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is answering another message; `run_id` names the run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_config_schema_chat_config_schema_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_input_schema_chat_input_schema_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_invoke_chat_invoke_post: {
        parameters: {
            query?: {
                config_hash?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["chatInvokeRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["chatInvokeResponse"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such session. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is answering another message; `run_id` names the run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_output_schema_chat_output_schema_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_stream_chat_stream_post: {
        parameters: {
            query?: {
                config_hash?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["chatStreamRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        data?: string;
                        /** @enum {unknown} */
                        event: "metadata" | "data" | "error" | "end";
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such session. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is answering another message; `run_id` names the run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_stream_events_chat_stream_events_post: {
        parameters: {
            query?: {
                config_hash?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["chatStreamEventsRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        data?: string;
                        /** @enum {unknown} */
                        event: "metadata" | "data" | "error" | "end";
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such session. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is answering another message; `run_id` names the run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    chat_stream_log_chat_stream_log_post: {
        parameters: {
            query?: {
                config_hash?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["chatStreamLogRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": {
                        data?: string;
                        /** @enum {unknown} */
                        event: "metadata" | "data" | "error" | "end";
                    };
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            /** @description There is no such session. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The session is answering another message; `run_id` names the run. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["Problem413"];
            /** @description A value is missing, malformed or out of bounds. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    health_health_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            503: components["responses"]["Problem503"];
        };
    };
    ready_ready_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            401: components["responses"]["Problem401"];
            403: components["responses"]["Problem403"];
            429: components["responses"]["Problem429"];
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    complete_v1_chat_completions_post: {
        parameters: {
            query?: never;
            header?: {
                /** @description The session to go on with. */
                "x-memocha-session"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompletionRequest"];
            };
        };
        responses: {
            /** @description The answer, or with `stream` its chunks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Completion"];
                    "text/event-stream": {
                        data: "[DONE]" | string;
                    };
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            403: components["responses"]["ErrorBody403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            413: components["responses"]["ErrorBody413"];
            429: components["responses"]["ErrorBody429"];
            503: components["responses"]["ErrorBody503"];
        };
    };
    models_v1_models_get: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAIModels"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            403: components["responses"]["ErrorBody403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            429: components["responses"]["ErrorBody429"];
            503: components["responses"]["ErrorBody503"];
        };
    };
    model_v1_models__model__get: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                model: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenAIModel"];
                };
            };
            /** @description Bad Request */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Unauthorized */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            403: components["responses"]["ErrorBody403"];
            /** @description Not Found */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Conflict */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            429: components["responses"]["ErrorBody429"];
            503: components["responses"]["ErrorBody503"];
        };
    };
}
