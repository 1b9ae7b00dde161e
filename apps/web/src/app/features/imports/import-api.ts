import { Service, inject } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { checkImport } from '@mu/shared/api/generated/fn/imports/check-import';
import { readImport } from '@mu/shared/api/generated/fn/imports/read-import';
import { readImportFile } from '@mu/shared/api/generated/fn/imports/read-import-file';
import { startImport } from '@mu/shared/api/generated/fn/imports/start-import';
import { uploadImport } from '@mu/shared/api/generated/fn/imports/upload-import';
import type { ImportPlan, ImportPreview, ImportView, UploadedFile } from '@mu/shared/api/generated/models';

/** The questions of this feature, in its own words. Each throws an ApiFailure. */
@Service()
export class ImportApi {
  private readonly api = inject(Api);

  upload(file: File): Promise<UploadedFile> {
    return this.api.call(uploadImport, { body: file, 'X-File-Name': encodeURIComponent(file.name) });
  }

  check(id: string, plan: ImportPlan): Promise<ImportPreview> {
    return this.api.call(checkImport, { import_id: id, body: plan });
  }

  /** A file that was sent before, and how it was last checked. */
  file(id: string): Promise<UploadedFile> {
    return this.api.call(readImportFile, { import_id: id });
  }

  start(id: string, skipBad: boolean): Promise<ImportView> {
    return this.api.call(startImport, { import_id: id, body: { skipBad } });
  }

  read(id: string): Promise<ImportView> {
    return this.api.call(readImport, { import_id: id });
  }
}
