//! The bytes of one input: opened, decompressed where that is needed, counted as they are taken.

use super::input::Input;
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes that are read at once.
const CHUNK: usize = 128 << 10;

/// How far an input has been read, and a checksum of all that was: enough to find the place again
/// and to know that it is the same input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    /// Bytes after decompression.
    pub(super) bytes: u64,
    /// CRC-32 of these bytes.
    pub(super) crc: u32,
}

/// An input that knows how much of it was taken.
pub(super) struct Source {
    inner: Box<dyn BufRead>,
    crc: crc32fast::Hasher,
    bytes: u64,
    /// Bytes that are at hand without asking the system.
    at_hand: usize,
}

impl Source {
    /// Opens an input. What the system reads of it, compressed or not, is added to `read`.
    pub(super) fn open(input: &Input, read: &Arc<AtomicU64>) -> io::Result<Self> {
        let raw: Box<dyn Read> = match &input.path {
            None => Box::new(io::stdin().lock()),
            Some(path) => Box::new(File::open(path)?),
        };
        Self::of(BufReader::with_capacity(CHUNK, Metered { inner: raw, read: Arc::clone(read) }))
    }

    /// Reads from what is compressed or not: the first bytes tell, whatever the name.
    pub(super) fn of(mut raw: impl BufRead + 'static) -> io::Result<Self> {
        const GZIP: &[u8] = b"\x1f\x8b";
        const ZSTD: &[u8] = b"\x28\xb5\x2f\xfd";
        let start = raw.fill_buf()?;
        let inner: Box<dyn BufRead> = if start.starts_with(GZIP) {
            Box::new(BufReader::with_capacity(CHUNK, MultiGzDecoder::new(raw)))
        } else if start.starts_with(ZSTD) {
            Box::new(BufReader::with_capacity(CHUNK, Frames { decoder: None, rest: Some(raw) }))
        } else {
            Box::new(raw)
        };
        Ok(Self { inner, crc: crc32fast::Hasher::new(), bytes: 0, at_hand: 0 })
    }

    /// How far it was read.
    pub(super) fn reach(&self) -> Reach {
        Reach { bytes: self.bytes, crc: self.crc.clone().finalize() }
    }

    /// Whether the next byte has to be waited for.
    pub(super) const fn is_idle(&self) -> bool {
        self.at_hand == 0
    }

    /// Goes on to a place that an earlier run had reached; says whether the bytes before it are
    /// the same as then.
    pub(super) fn skip_to(&mut self, place: Reach) -> io::Result<bool> {
        while self.bytes < place.bytes {
            let have = self.fill_buf()?.len();
            if have == 0 {
                return Ok(false);
            }
            let left = usize::try_from(place.bytes - self.bytes).unwrap_or(usize::MAX);
            self.consume(have.min(left));
        }
        Ok(self.reach() == place)
    }
}

impl Read for Source {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let have = self.fill_buf()?;
        let n = have.len().min(into.len());
        into[..n].copy_from_slice(&have[..n]);
        self.consume(n);
        Ok(n)
    }
}

impl BufRead for Source {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let have = self.inner.fill_buf()?;
        self.at_hand = have.len();
        Ok(have)
    }

    fn consume(&mut self, amount: usize) {
        // What is at hand comes without another read.
        if let Ok(have) = self.inner.fill_buf() {
            self.crc.update(&have[..amount.min(have.len())]);
        }
        self.inner.consume(amount);
        self.bytes += amount as u64;
        self.at_hand = self.at_hand.saturating_sub(amount);
    }
}

/// Opens an input for who reads it in another way than by records.
pub(crate) fn open(input: &Input) -> io::Result<impl BufRead + use<>> {
    Source::open(input, &Arc::default())
}

/// Counts what is read of a file.
struct Metered {
    inner: Box<dyn Read>,
    read: Arc<AtomicU64>,
}

impl Read for Metered {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(into)?;
        self.read.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// A zstd file: one frame after the other.
struct Frames<R: BufRead> {
    decoder: Option<Box<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>>,
    rest: Option<R>,
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(decoder) = &mut self.decoder {
                let n = decoder.read(into).map_err(broken)?;
                if n > 0 || into.is_empty() {
                    return Ok(n);
                }
            }
            if let Some(done) = self.decoder.take() {
                self.rest = Some(done.into_inner());
            }
            let Some(mut rest) = self.rest.take() else { return Ok(0) };
            if rest.fill_buf()?.is_empty() {
                return Ok(0);
            }
            self.decoder = Some(Box::new(StreamingDecoder::new(rest).map_err(broken)?));
        }
    }
}

fn broken(error: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the zstd stream is cut short or broken: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(bytes).unwrap();
        gz.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn all(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Source::of(io::Cursor::new(bytes))?.read_to_end(&mut out)?;
        Ok(out)
    }

    #[test]
    fn what_is_compressed_is_told_by_its_first_bytes_and_read_to_its_last_part() {
        let (a, b) = (b"first line\n".repeat(900), b"second\n".to_vec());
        let both = [a.clone(), b.clone()].concat();
        assert_eq!(all(both.clone()).unwrap(), both);
        assert_eq!(all([gzip(&a), gzip(&b)].concat()).unwrap(), both);
        assert_eq!(all([zstd(&a), zstd(&b)].concat()).unwrap(), both);
        assert_eq!(all(Vec::new()).unwrap(), b"");
    }

    #[test]
    fn a_stream_that_breaks_off_is_an_error_and_not_an_end() {
        for whole in [gzip(&b"line\n".repeat(900)), zstd(&b"a line and another\n".repeat(900))] {
            assert!(all(whole[..whole.len() - 9].to_vec()).is_err());
        }
    }

    #[test]
    fn a_place_is_found_again_only_in_the_same_bytes() {
        let open = |text: &str| Source::of(io::Cursor::new(text.as_bytes().to_vec())).unwrap();
        let mut first = open("one\ntwo\nthree\n");
        first.skip_until(b'\n').unwrap();
        let place = first.reach();
        let mut again = open("one\ntwo\n");
        assert!(again.skip_to(place).unwrap());
        let mut line = String::new();
        again.read_line(&mut line).unwrap();
        assert_eq!(line, "two\n");
        assert!(!open("ONE\ntwo\n").skip_to(place).unwrap());
        assert!(!open("on").skip_to(place).unwrap());
    }
}
