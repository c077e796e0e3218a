// Beside LangServe's own script, whose page has no place for a key and passes over failures: asks for the service's key where a request is
// refused without one, keeps it for this tab, and sends it along. The key that the web client keeps will do as well.
(() => {
  const KEPT = "memocha:playground-key";
  const CLIENTS = "memocha:key";
  const send = window.fetch.bind(window);
  let asking = null;

  const kept = () => sessionStorage.getItem(KEPT) ?? localStorage.getItem(CLIENTS);

  window.fetch = async (input, init) => {
    for (;;) {
      const request = new Request(input instanceof Request ? input.clone() : input, init);
      if (new URL(request.url).origin !== location.origin) return send(request);
      const key = kept();
      if (key) request.headers.set("authorization", `Bearer ${key}`);
      const answer = await send(request);
      // Another request may have been given the key meanwhile.
      if (answer.status !== 401 || (kept() === key && !(await ask(key !== null)))) return failing(answer);
    }
  };

  /** The same, but that a stream which tells of a failure breaks off with its words: LangServe's page passes over what a
   * stream tells of failures, and shows an empty answer; of a connection that broke it tells, and gives the words back. */
  function failing(answer) {
    if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) return answer;
    const decoder = new TextDecoder();
    let rest = "";
    const watching = new TransformStream({
      transform(piece, stream) {
        const events = (rest + decoder.decode(piece, { stream: true })).split(/\r?\n\r?\n/);
        rest = events.pop();
        const failure = events.find((event) => /^event: error\r?$/m.test(event));
        if (failure) stream.error(new Error(JSON.parse(/^data: (.*)$/m.exec(failure)[1]).message));
        else stream.enqueue(piece);
      },
    });
    return new Response(answer.body.pipeThrough(watching), answer);
  }

  function ask(refused) {
    asking ??= new Promise((resolve) => show(refused, resolve)).finally(() => {
      asking = null;
    });
    return asking;
  }

  /** Ends in whether a key was given. */
  function show(refused, end) {
    const title = make("h2", { id: "key-title", textContent: "This Memocha wants a key" });
    const field = make("input", {
      type: "password",
      id: "key-field",
      autocomplete: "off",
      required: true,
      pattern: "[\\x21-\\x7e]+",
    });
    const cancel = make("button", { type: "button", textContent: "Cancel" });
    const form = make("form", { method: "dialog" }, [
      title,
      make("p", {
        role: "status",
        textContent: refused
          ? "It does not take the key that was given."
          : "It is the one in MEMOCHA_API_KEY. This tab keeps it until it is closed.",
      }),
      make("label", { htmlFor: "key-field", textContent: "Key" }),
      field,
      make("div", {}, [make("button", { type: "submit", textContent: "Use it" }), cancel]),
    ]);
    const dialog = make("dialog", {}, [form]);
    dialog.setAttribute("aria-labelledby", title.id);
    dress(dialog);
    cancel.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", () => sessionStorage.setItem(KEPT, field.value));
    dialog.addEventListener("close", () => {
      dialog.remove();
      end(field.value !== "" && sessionStorage.getItem(KEPT) === field.value);
    });
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  }

  function make(name, properties, children = []) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  }

  function dress(dialog) {
    dialog.style.cssText =
      "margin:auto;max-width:26rem;padding:1.5rem;border:1px solid #888;border-radius:12px;background:#fff;color:#111;" +
      "font:16px/1.5 system-ui,sans-serif";
    dialog.querySelector("h2").style.cssText = "font-weight:600;margin:0 0 .5rem";
    dialog.querySelector("p").style.cssText = "margin:0 0 1rem";
    dialog.querySelector("label").style.cssText = "display:block;margin:0 0 .25rem";
    dialog.querySelector("input").style.cssText =
      "display:block;box-sizing:border-box;width:100%;padding:.5rem;border:1px solid #888;border-radius:6px;background:#fff;color:#111";
    dialog.querySelector("div").style.cssText = "display:flex;gap:.5rem;margin:1rem 0 0";
    for (const button of dialog.querySelectorAll("button"))
      button.style.cssText = "padding:.4rem .9rem;border:1px solid #888;border-radius:6px;background:#eee;color:#111";
  }
})();
