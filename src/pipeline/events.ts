/** What a run tells whoever watches it. */
export type RunEvent =
  | { readonly type: 'stage'; readonly title: string; readonly state: 'started' | 'done' | 'failed' }
  | {
      readonly type: 'items';
      readonly title: string;
      readonly done: number;
      readonly failed: number;
      readonly total: number;
    }
  | { readonly type: 'note'; readonly about: string; readonly text: string }
  | {
      readonly type: 'progress';
      readonly about: string;
      readonly done: { bytes?: number; rows?: number; text?: string };
    };

export type Watch = (event: RunEvent) => void;
