/** What the tenant API says and takes, in its own words. */

export type Nation = 'ENG' | 'WLS' | 'SCT' | 'NIR';

export interface Organisation {
  readonly name: string;
  readonly phone: string | null;
  readonly emergencyPhone?: string | null;
}

/** The home that a poster's code or a visit opens: never who lives there. */
export interface Home {
  readonly organisation: Organisation;
  readonly nation: Nation;
  readonly home: { readonly line: string } | null;
}

export interface EmergencyNumber {
  readonly label: string;
  readonly number: string;
  readonly note: string;
}

export interface Danger {
  readonly key: string;
  readonly question: string;
  readonly hint: string;
  readonly heading: string;
  readonly advice: readonly string[];
  readonly call: EmergencyNumber | null;
  readonly callAlso: readonly EmergencyNumber[];
}

export interface Question {
  readonly key: string;
  readonly text: string;
  readonly kind: 'choice' | 'text' | 'yes_no';
  readonly options: readonly { readonly key: string; readonly text: string }[];
}

export interface Fault {
  readonly key: string;
  readonly name: string;
  readonly drawing: string;
  readonly advice: readonly string[];
  readonly questions: readonly Question[];
}

export interface Room {
  readonly key: string;
  readonly name: string;
  readonly drawing: string;
  readonly faults: readonly Fault[];
}

export interface Picker {
  readonly rooms: readonly Room[];
}

export interface Contact {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

/** A report as it is sent. With a danger, everything else may be missing. */
export interface NewReport {
  readonly submissionKey: string;
  readonly danger: string | null;
  readonly room: string | null;
  readonly fault: string | null;
  readonly answers: Readonly<Record<string, string>>;
  readonly description: string;
  readonly access: { readonly mayEnterWithoutMe: boolean | null; readonly notes: string | null; readonly times: readonly string[] };
  readonly contact: Contact | null;
  readonly language: string;
}

/** A report that has arrived. Whoever has the token can follow and change it. */
export interface Submitted {
  readonly reference: string;
  readonly statusToken: string | null;
}

export interface SentPhoto {
  readonly id: string;
  readonly state: 'received' | 'ready' | 'refused';
  /** Why it can't be shown. */
  readonly refusal: string | null;
  readonly url: string | null;
  readonly thumbnailUrl: string | null;
}

export interface Status {
  readonly reference: string;
  readonly title: string;
  readonly reportedAt: string;
  readonly stage: string;
  /** By when the next step is promised; past when it is late. */
  readonly dueAt: string | null;
  readonly danger: string | null;
  readonly isDangerAcknowledged: boolean;
  readonly nation: Nation;
  readonly words: readonly { readonly at: string; readonly who: string; readonly text: string }[];
  readonly question: { readonly text: string; readonly askedAt: string } | null;
  readonly canCancel: boolean;
  readonly organisation: Organisation;
}

export interface OwnReport {
  readonly reference: string;
  readonly title: string;
  readonly stage: string;
  readonly statusToken: string;
}
