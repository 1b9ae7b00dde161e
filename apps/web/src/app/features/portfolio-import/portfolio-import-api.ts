import { DOCUMENT, Service, inject } from '@angular/core';
import { Api } from '@mu/shared/api/api';
import { cancelPortfolioImport } from '@mu/shared/api/generated/fn/portfolio-imports/cancel-portfolio-import';
import { checkPortfolioImport } from '@mu/shared/api/generated/fn/portfolio-imports/check-portfolio-import';
import { exportImportProblems } from '@mu/shared/api/generated/fn/portfolio-imports/export-import-problems';
import { listImportKinds } from '@mu/shared/api/generated/fn/portfolio-imports/list-import-kinds';
import { listImportProblems } from '@mu/shared/api/generated/fn/portfolio-imports/list-import-problems';
import { listPortfolioImports } from '@mu/shared/api/generated/fn/portfolio-imports/list-portfolio-imports';
import { readImportTemplate } from '@mu/shared/api/generated/fn/portfolio-imports/read-import-template';
import { readPortfolioImport } from '@mu/shared/api/generated/fn/portfolio-imports/read-portfolio-import';
import { readPortfolioImportFile } from '@mu/shared/api/generated/fn/portfolio-imports/read-portfolio-import-file';
import { startPortfolioImport } from '@mu/shared/api/generated/fn/portfolio-imports/start-portfolio-import';
import { undoPortfolioImport } from '@mu/shared/api/generated/fn/portfolio-imports/undo-portfolio-import';
import { uploadPortfolioImport } from '@mu/shared/api/generated/fn/portfolio-imports/upload-portfolio-import';
import type { ImportKind, KindList, PortfolioFile, PortfolioImport, PortfolioPlan, RowProblems, TemplateForm } from '@mu/shared/api/generated/models';

/** The questions of this feature, in its own words. Each throws an ApiFailure. */
@Service()
export class PortfolioImportApi {
  private readonly api = inject(Api);
  private readonly document = inject(DOCUMENT);

  kinds(): Promise<KindList> {
    return this.api.call(listImportKinds, {});
  }

  async past(): Promise<PortfolioImport[]> {
    return (await this.api.call(listPortfolioImports, {})).items;
  }

  upload(kind: ImportKind, file: File): Promise<PortfolioFile> {
    return this.api.call(uploadPortfolioImport, { kind, body: file, 'X-File-Name': encodeURIComponent(file.name) });
  }

  file(id: string): Promise<PortfolioFile> {
    return this.api.call(readPortfolioImportFile, { run_id: id });
  }

  read(id: string): Promise<PortfolioImport> {
    return this.api.call(readPortfolioImport, { run_id: id });
  }

  check(id: string, plan: PortfolioPlan): Promise<PortfolioImport> {
    return this.api.call(checkPortfolioImport, { run_id: id, body: plan });
  }

  start(id: string, skipBad: boolean): Promise<PortfolioImport> {
    return this.api.call(startPortfolioImport, { run_id: id, body: { skipBad } });
  }

  cancel(id: string): Promise<PortfolioImport> {
    return this.api.call(cancelPortfolioImport, { run_id: id });
  }

  undo(id: string): Promise<PortfolioImport> {
    return this.api.call(undoPortfolioImport, { run_id: id });
  }

  problems(id: string, cursor: string | null): Promise<RowProblems> {
    return this.api.call(listImportProblems, { run_id: id, ...(cursor ? { cursor } : {}) });
  }

  /** Hands the browser all that is wrong with a file, as CSV. */
  async takeProblems(id: string): Promise<void> {
    const { fileName, content } = await this.api.call(exportImportProblems, { run_id: id });
    this.hand(fileName, new Blob([content], { type: 'text/csv;charset=utf-8' }));
  }

  /** Hands the browser a template to fill in. */
  async takeTemplate(kind: ImportKind, form: TemplateForm): Promise<void> {
    const { fileName, mediaType, content } = await this.api.call(readImportTemplate, { file_kind: kind, form });
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    this.hand(fileName, new Blob([bytes], { type: mediaType }));
  }

  private hand(name: string, content: Blob): void {
    const link = this.document.createElement('a');
    link.href = URL.createObjectURL(content);
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}
