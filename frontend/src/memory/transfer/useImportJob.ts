import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, take } from "@/api/client";
import { ProblemError } from "@/api/problem";
import { keys } from "@/api/queries";
import { dismissImport, ended, noteJob, useImport } from "./importing";

/** Milliseconds between looks at a job, for when nothing is told of it. */
const LOOK = 2_000;

/** Follow the job of the import, where there is one: it is told of by events, and looked at beside. Once in the page. */
export function useImportJob(): void {
  const state = useImport((all) => all.state);
  const job = state.phase === "working" ? state.job : null;
  const { data, error } = useQuery({
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
  useEffect(() => {
    // It was kept here from an earlier visit, and the service knows it no more.
    if (error instanceof ProblemError && error.status === 404) dismissImport();
  }, [error]);
}
