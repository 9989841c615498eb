/** Marks the fields that a chosen result asks for. */
export const RESULT_FORM = 'data-result-form';

export function firstFormField(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>(`[${RESULT_FORM}] input`);
}

/** Whoever chose a result with a form goes on in its first field, once that is drawn. */
export function focusForm(): void {
  requestAnimationFrame(() => firstFormField()?.focus());
}
