import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, take } from "@/api/client";
import { keys } from "@/api/queries";
import { ended, noteJob, useImport } from "./importing";

/** Milliseconds between looks at a job, for when nothing is told of it. */
const LOOK = 2_000;

/** Follow the job of the import, where there is one: it is told of by events, and looked at beside. Once in the page. */
export function useImportJob(): void {
  const state = useImport((all) => all.state);
  const job = state.phase === "working" ? state.job : null;
  const { data } = useQuery({
    queryKey: keys.job(job?.id ?? ""),
    queryFn: ({ signal }) =>
      take(api.GET("/api/jobs/{job_id}", { params: { path: { job_id: job?.id ?? "" } }, signal })),
    enabled: job !== null && !ended(job),
    refetchInterval: LOOK,
    staleTime: 0,
  });
  useEffect(() => {
    if (data) noteJob(data);
  }, [data]);
}
