// One evening of a patient, through the generated client, against a running server.
// node session.js ADDRESS EMAIL PASSWORD: prints what it saw as one line of JSON.

import createClient, { type Middleware } from "openapi-fetch";

import type { components, paths } from "./schema.js";

type Entry = components["schemas"]["EntryBody"];

const [address, email, password] = process.argv.slice(2);
if (!address || !email || !password) throw new Error("usage: session ADDRESS EMAIL PASSWORD");

async function accessToken(): Promise<string> {
  const answer = await fetch(`${address}/_allauth/app/v1/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  const said = (await answer.json()) as { meta: { access_token: string } };
  return said.meta.access_token;
}

function bearing(token: string): Middleware {
  return {
    onRequest({ request }) {
      request.headers.set("Authorization", `Bearer ${token}`);
      request.headers.set("X-Client", "web/1.0.0");
      return request;
    },
  };
}

// What is known of an answer: its data, or the problem document's code.
function told<T>(answer: { data?: T; error?: { code: string }; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status} ${answer.error?.code ?? "without a code"}`);
  }
  return answer.data;
}

const api = createClient<paths>({ baseUrl: address });
api.use(bearing(await accessToken()));

const consents = told(await api.GET("/api/v1/me/consents/"));
const { version } = consents.required;
told(await api.POST("/api/v1/me/consents/", { body: { version } }));

const entry: Entry = {
  symptom_at: new Date().toISOString(),
  pain: 6,
  red_flags: { saddle_numbness: "new_or_worse" },
};
const record = { path: { record_id: crypto.randomUUID() } };
const put = await api.PUT("/api/v1/entries/{record_id}/", { params: record, body: entry });
const written = told(put);

const { results: open } = told(
  await api.GET("/api/v1/alerts/", { params: { query: { status: "open" } } }),
);
const alert = open[0];
if (!alert) throw new Error("there is no alert");
const named = { params: { path: { alert_id: alert.id } } };
told(await api.POST("/api/v1/alerts/{alert_id}/receipt/", { ...named, body: { event: "displayed" } }));
const read = told(await api.POST("/api/v1/alerts/{alert_id}/acknowledge/", { ...named, body: {} }));

const { days } = told(await api.GET("/api/v1/summary/", { params: { query: { days: 7 } } }));

const synced = told(
  await api.POST("/api/v1/sync/", {
    params: { header: { "Idempotency-Key": crypto.randomUUID() } },
    body: {
      since: null,
      changes: [
        {
          type: "entry",
          op: "put",
          id: crypto.randomUUID(),
          data: { symptom_at: new Date().toISOString(), pain: 5 },
        },
      ],
    },
  }),
);

// The types know each kind of change by its `type` and `op`.
const heard = synced.changes.flatMap((change) =>
  change.type === "entry" && change.op === "put" ? [change.data.pain] : [],
);

const wrong = await api.POST("/api/v1/entries/", { body: { ...entry, pain: 11 } });

console.log(
  JSON.stringify({
    put: put.response.status,
    level: written.guidance?.level ?? null,
    alert: alert.rule,
    acknowledged: read.status,
    pain: days[days.length - 1]?.pain ?? null,
    synced: synced.results.map((result) => result.status),
    heard,
    refused: wrong.error?.code ?? null,
    pointer: wrong.error?.errors?.map((error) => error.pointer) ?? [],
  }),
);
