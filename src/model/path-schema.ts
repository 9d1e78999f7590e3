/** Files and folders in settings: written relative to the folder of `davy.yaml`, absolute where the program reads them. */
import Type, { type TString, type TStringOptions } from 'typebox'

/** A file that must be there; only the loader of the configuration makes the path absolute. */
export function FileSchema(options: TStringOptions = {}): TString {
  return Type.String({ minLength: 1, ...options, format: 'file' })
}

/** A folder, there or yet to be made; only the loader of the configuration makes the path absolute. */
export function FolderSchema(options: TStringOptions = {}): TString {
  return Type.String({ minLength: 1, ...options, format: 'folder' })
}
