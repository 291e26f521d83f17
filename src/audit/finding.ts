export type Finding = {
  readonly problem:
    | 'altered'
    | 'missing'
    | 'inserted'
    | 'chain-cut'
    | 'chain-missing'
    | 'unreadable'
    | 'checkpoint-missing'
    | 'checkpoint-altered'
    | 'boundary-altered'
    | 'index-altered';
  /** what was found, in one sentence */
  readonly message: string;
  readonly chain: string | null;
  /** of the record, or of the first of several */
  readonly seq: number | null;
  readonly block: number | null;
};

export type Report = (finding: Finding) => void;
