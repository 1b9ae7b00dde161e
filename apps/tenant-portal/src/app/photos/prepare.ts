import { HEADER_BYTES, readHeader } from './photo-header';

const MOST_BYTES = 25 * 1024 * 1024;
const MOST_PIXELS = 50_000_000;
/** Above this not even a phone that could shrink it is asked to. */
const MOST_TO_DECODE = 80 * 1024 * 1024;
const LONGEST_SIDE = 2048;

/** A photo ready to be sent, or a catalogue key that says why it can't be. */
export type Prepared =
  | { readonly blob: Blob; readonly takenAt: string | null; readonly seen: boolean }
  | { readonly problem: 'not-a-photo' | 'too-big' | 'too-many-pixels' | 'unreadable' };

/**
 * Reads the time a photo was taken, then makes it small enough for a slow network; that leaves out the place it was
 * taken at as well. What this phone can't decode (HEIC on most) is sent whole.
 */
export async function prepare(file: Blob): Promise<Prepared> {
  if (file.size > MOST_TO_DECODE) return { problem: 'too-big' };
  let header;
  try {
    header = readHeader(await file.slice(0, HEADER_BYTES).arrayBuffer());
  } catch {
    return { problem: 'unreadable' };
  }
  if (!header) return { problem: 'not-a-photo' };
  if ((header.pixels ?? 0) > MOST_PIXELS) return { problem: 'too-many-pixels' };

  const smaller = await shrink(file);
  if (smaller) return { blob: smaller, takenAt: header.takenAt, seen: true };
  if (file.size > MOST_BYTES) return { problem: 'too-big' };
  return { blob: new Blob([file], { type: `image/${header.kind}` }), takenAt: header.takenAt, seen: false };
}

async function shrink(file: Blob): Promise<Blob | null> {
  let picture: ImageBitmap | undefined;
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const board = document.createElement('canvas');
    board.width = Math.max(1, Math.round(picture.width * scale));
    board.height = Math.max(1, Math.round(picture.height * scale));
    const pen = board.getContext('2d');
    if (!pen) return null;
    pen.fillStyle = 'white'; // JPEG knows no transparency
    pen.fillRect(0, 0, board.width, board.height);
    pen.drawImage(picture, 0, 0, board.width, board.height);
    return await new Promise((resolve) => {
      board.toBlob(resolve, 'image/jpeg', 0.85);
    });
  } catch {
    return null;
  } finally {
    picture?.close();
  }
}
