import { type ListView, listView } from '../../protocol/admin.ts';
import { type Answer, localProblem, readAnswer } from '../live/http.ts';

/**
 * Sends a file and reports progress. It uses XMLHttpRequest because `fetch` cannot report the
 * progress of an upload.
 */
export function uploadList(options: {
  readonly campaignId: string;
  readonly name: string;
  readonly file: File;
  /** 0 to 1 while sending; 1 while the server imports. */
  readonly onProgress: (share: number) => void;
}): Promise<Answer<ListView>> {
  const { campaignId, name, file, onProgress } = options;
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const query = new URLSearchParams({ name });
    request.open('POST', `/api/campaigns/${encodeURIComponent(campaignId)}/lists?${query}`);
    // A browser's own type depends on installed programs; the server inspects the file anyway.
    request.setRequestHeader('content-type', 'text/csv');
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) onProgress(event.loaded / event.total);
    };
    request.upload.onload = () => onProgress(1);
    request.onload = () => resolve(readAnswer(request.status, request.responseText, listView));
    request.onerror = () => resolve({ ok: false, problem: localProblem('no-connection') });
    request.send(file);
  });
}
