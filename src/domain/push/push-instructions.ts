import { parseJson } from '../json/parse-json.js';
import { stringifyJson } from '../json/stringify-json.js';

/** Commands that run as printed, with the API key in `$API_KEY` and a job's id in `$JOB_ID`. */
export interface PushInstructions {
  readonly postDataUrl: string;
  /** Null until changes are applied. */
  readonly postData: string | null;
  readonly status: string;
  readonly notes: readonly string[];
}

/** The commands for a dataset; `sample` is the JSON text of the applied sample, null while none is applied. */
export function pushInstructions(publicUrl: string, datasetId: string, sample: string | null): PushInstructions {
  const postDataUrl = `${publicUrl}/dataload`;
  const notes = [
    'The best payload size is 1 MB. Requests may run side by side, up to 100 at a time; there is no need to wait for one before the next.',
  ];
  if (sample === null) notes.unshift('There is no Post Data command yet: apply changes first.');
  return {
    postDataUrl,
    postData: sample === null ? null : postDataCommand(postDataUrl, datasetId, sample),
    status: `curl --location --globoff "${postDataUrl}/$JOB_ID/status" \\\n--header "x-api-key: $API_KEY"`,
    notes,
  };
}

function postDataCommand(postDataUrl: string, datasetId: string, sample: string): string {
  const parsed = parseJson(sample);
  const data = Array.isArray(parsed) ? parsed : [parsed];
  const body = stringifyJson({ datasetId, documentUpdateMethod: 'replace', data });
  const end = delimiterFor(body);
  return [
    `curl --location --globoff '${postDataUrl}/postdata' \\`,
    `--header "x-api-key: $API_KEY" \\`,
    `--header 'Content-Type: application/json' \\`,
    `--data-binary @- <<'${end}'`,
    body,
    end,
  ].join('\n');
}

/** A here-document's end that is no line of the body: the shell takes everything up to it as it is. */
function delimiterFor(body: string): string {
  let delimiter = 'SLUICE_BODY';
  while (body.includes(delimiter)) delimiter += '_';
  return delimiter;
}
