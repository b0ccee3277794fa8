//! Exchange with files: reading CSV and XLSX, import of any declared entity, import profiles that map foreign folders,
//! export of what the caller sees. Knows the declarations of the platform, no business noun.

pub mod read;
