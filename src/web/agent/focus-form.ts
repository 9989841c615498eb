/** Marks the fields of the chosen result's form. */
export const RESULT_FORM = 'data-result-form';

export function firstFormField(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>(`[${RESULT_FORM}] input`);
}

/** Moves the focus to the form's first field once it is drawn. */
export function focusForm(): void {
  requestAnimationFrame(() => firstFormField()?.focus());
}
