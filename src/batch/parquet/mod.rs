//! Parquet in and out, with the columns of CSV; only in builds with the feature `parquet`.

mod read;
mod write;

pub(super) use read::{Opened, Rows};
pub(crate) use write::ParquetRows;
