/** The same fields, to be written: for what is being made, or is refilled where a copy would cost too much. */
export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
