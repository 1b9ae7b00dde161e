import { Service, inject } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { addDocument } from '@mu/shared/api/generated/fn/documents/add-document';
import { bringDocumentBack } from '@mu/shared/api/generated/fn/documents/bring-document-back';
import { changeDocument } from '@mu/shared/api/generated/fn/documents/change-document';
import { listDocuments } from '@mu/shared/api/generated/fn/documents/list-documents';
import { openDocument } from '@mu/shared/api/generated/fn/documents/open-document';
import { sendDocument } from '@mu/shared/api/generated/fn/documents/send-document';
import { withdrawDocument } from '@mu/shared/api/generated/fn/documents/withdraw-document';
import type { DocumentInput, DocumentView, NewDocument, OpenedDocument } from '@mu/shared/api/generated/models';

/** What a document may be about: one building, or one firm. */
export type Holder = { readonly property: string } | { readonly contractor: string };

/** What is asked about documents, in this feature's own words. Each throws an ApiFailure. */
@Service()
export class DocumentApi {
  private readonly api = inject(Api);

  async list(holder: Holder): Promise<readonly DocumentView[]> {
    return (await this.api.call(listDocuments, holder)).items;
  }

  /** Each opening is written down in the audit log. */
  open(id: string): Promise<OpenedDocument> {
    return this.api.call(openDocument, { document_id: id });
  }

  announce(body: NewDocument, key: string): Promise<DocumentView> {
    return this.api.call(addDocument, { body }, key);
  }

  send(id: string, body: File, progress: (part: number) => void): Promise<DocumentView> {
    return this.api.call(sendDocument, { document_id: id, body }, undefined, progress);
  }

  change(shown: DocumentView, version: number, body: DocumentInput): Promise<DocumentView> {
    return this.api.call(changeDocument, { document_id: shown.id, 'if-match': `"v${version.toString()}"`, body });
  }

  withdraw(id: string): Promise<DocumentView> {
    return this.api.call(withdrawDocument, { document_id: id });
  }

  bringBack(id: string): Promise<DocumentView> {
    return this.api.call(bringDocumentBack, { document_id: id });
  }
}
