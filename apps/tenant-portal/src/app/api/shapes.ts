/** What the tenant API says and takes, under the words of this portal. */
import type { ContactInput } from '@mu/shared/api/generated/models/contact-input';
import type { EmergencyNumberView } from '@mu/shared/api/generated/models/emergency-number-view';

export type { FaultView as Fault } from '@mu/shared/api/generated/models/fault-view';
export type { LandlordView as Organisation } from '@mu/shared/api/generated/models/landlord-view';
export type { Nation } from '@mu/shared/api/generated/models/nation';
export type { OwnReport } from '@mu/shared/api/generated/models/own-report';
export type { PhotoView as SentPhoto } from '@mu/shared/api/generated/models/photo-view';
export type { Picker } from '@mu/shared/api/generated/models/picker';
export type { QuestionView as Question } from '@mu/shared/api/generated/models/question-view';
export type { ReportEntry as Home } from '@mu/shared/api/generated/models/report-entry';
export type { ReportStatus as Status } from '@mu/shared/api/generated/models/report-status';
export type { SentReportView as Submitted } from '@mu/shared/api/generated/models/sent-report-view';

/** A number as the portal carries it along: when and where it was looked up stays behind. */
export type EmergencyNumber = Omit<EmergencyNumberView, 'verifiedOn' | 'source'>;

export interface Danger {
  readonly key: string;
  readonly question: string;
  readonly hint: string;
}

/** What to do in a danger, and whom to call. */
export interface Advice {
  readonly heading: string;
  readonly advice: readonly string[];
  readonly call: EmergencyNumber | null;
  readonly callAlso: readonly EmergencyNumber[];
}

/** `NewReportInput`, with everything said: the generated one knows no keys of `answers`. */
export interface NewReport {
  readonly submissionKey: string;
  readonly danger: string | null;
  readonly room: string | null;
  readonly fault: string | null;
  readonly answers: Readonly<Record<string, string>>;
  readonly description: string;
  readonly access: { readonly mayEnterWithoutMe: boolean | null; readonly notes: string | null; readonly times: readonly string[] };
  readonly contact: Required<ContactInput> | null;
  readonly language: string;
}
