//! A matcher over tokens with nothing but speed in mind: no clauses, no context, no sections, no score.
//!
//! A text is cut once into words with byte spans; a word that a pattern names has a number. Phrases are walked in a trie,
//! patterns are entered by their rarest word and verified to both sides. This is the limit that starcue is measured by.

use rustc_hash::FxHashMap;

#[derive(Clone, Copy)]
pub struct Tok {
    pub s: u32,
    pub e: u32,
    pub id: u32,
} // id 0 = unknown word, SENT = sentence end, NUM = number
pub const UNK: u32 = 0;
pub const SENT: u32 = 1;
pub const NUM: u32 = 2;
pub const PUNCT: u32 = 3;
pub struct Lex {
    map: FxHashMap<Box<[u8]>, u32>,
    tab: Vec<(u64, u32)>,
    mask: usize,
}
/// 64-bit hash of the lower-cased word: 8 bytes a step, case folded by OR 0x20 (a bijection on letters, digits and ' ; also folds Latin-1 capitals in UTF-8)
#[inline(always)]
fn hash8(b: &[u8], s: usize, e: usize) -> u64 {
    let mut h = (e - s) as u64;
    let mut i = s;
    while i < e {
        let k = e - i;
        let w = if i + 8 <= b.len() {
            let w = u64::from_le_bytes(b[i..i + 8].try_into().unwrap());
            if k < 8 { w & ((1u64 << (8 * k)) - 1) } else { w }
        } else {
            let mut t = [0u8; 8];
            let k = k.min(8);
            t[..k].copy_from_slice(&b[i..i + k]);
            u64::from_le_bytes(t)
        };
        h = (h.rotate_left(5) ^ (w | 0x2020202020202020)).wrapping_mul(0x9E3779B97F4A7C15);
        i += 8
    }
    (h ^ (h >> 29)) | 1
}
impl Lex {
    pub fn new(phrases: &[&str]) -> Lex {
        let mut map: FxHashMap<Box<[u8]>, u32> = FxHashMap::default();
        let mut next = 511;
        let mut tmp = Lex { map: FxHashMap::default(), tab: vec![(0, 0); 2], mask: 1 };
        let mut buf = vec![];
        for p in phrases {
            tmp.run(p, &mut buf);
            for t in &buf {
                if t.id == UNK || t.id >= 512 {
                    let w = p.as_bytes()[t.s as usize..t.e as usize].to_ascii_lowercase().into_boxed_slice();
                    map.entry(w).or_insert_with(|| {
                        next += 1;
                        next
                    });
                }
            }
        }
        let cap = (map.len() * 4).next_power_of_two().max(16);
        let mut tab = vec![(0u64, 0u32); cap];
        let mask = cap - 1;
        for (w, id) in &map {
            let h = hash8(w, 0, w.len());
            let mut i = (h >> 20) as usize & mask;
            while tab[i].0 != 0 {
                assert!(tab[i].0 != h, "64-bit hash collision");
                i = (i + 1) & mask
            }
            tab[i] = (h, *id)
        }
        tmp.map = map;
        tmp.tab = tab;
        tmp.mask = mask;
        tmp
    }
    pub fn len(&self) -> usize {
        self.map.len()
    }
    pub fn id(&self, w: &[u8]) -> u32 {
        self.id_at(w, 0, w.len())
    }
    #[inline(always)]
    pub fn id_at(&self, b: &[u8], s: usize, e: usize) -> u32 {
        let h = hash8(b, s, e);
        let mut i = (h >> 20) as usize & self.mask;
        loop {
            let (k, v) = self.tab[i];
            if k == h {
                return v;
            }
            if k == 0 {
                return UNK;
            }
            i = (i + 1) & self.mask
        }
    }
    pub fn run(&self, t: &str, out: &mut Vec<Tok>) {
        out.clear();
        out.reserve(t.len() / 3 + 8);
        let b = t.as_bytes();
        let n = b.len();
        let mut i = 0;
        while i < n {
            let c = b[i];
            if CLASS[c as usize] == W {
                let s = i;
                i += 1;
                let mut typo = false;
                while i < n {
                    let c = b[i];
                    let k = CLASS[c as usize];
                    if k == W || k == D {
                        i += 1
                    } else if k == A && i + 1 < n && CLASS[b[i + 1] as usize] == W {
                        i += 1
                    } else if c == 0xE2
                        && i + 3 < n
                        && b[i + 1] == 0x80
                        && b[i + 2] == 0x99
                        && CLASS[b[i + 3] as usize] == W
                    {
                        i += 3;
                        typo = true
                    } else if c >= 0x80 && !(c == 0xE2 && i + 1 < n && b[i + 1] == 0x80) {
                        i += 1
                    } else {
                        break;
                    }
                }
                let w = &b[s..i];
                let id = if typo && i - s < 32 {
                    let mut t = [0u8; 32];
                    let mut n = 0;
                    let mut k = 0;
                    while k < w.len() {
                        if w[k] == 0xE2 {
                            t[n] = b'\'';
                            n += 1;
                            k += 3
                        } else {
                            t[n] = w[k];
                            n += 1;
                            k += 1
                        }
                    }
                    self.id(&t[..n])
                } else {
                    self.id_at(b, s, i)
                };
                out.push(Tok { s: s as u32, e: i as u32, id });
            } else if CLASS[c as usize] == D || (c == b'$' && i + 1 < n && CLASS[b[i + 1] as usize] == D) {
                let s = i;
                i += 1;
                while i < n
                    && (CLASS[b[i] as usize] == D
                        || ((b[i] == b'.' || b[i] == b',') && i + 1 < n && CLASS[b[i + 1] as usize] == D))
                {
                    i += 1
                }
                out.push(Tok { s: s as u32, e: i as u32, id: NUM });
            } else if c == b'.' || c == b'!' || c == b'?' {
                if i + 1 >= n || b[i + 1].is_ascii_whitespace() || b[i + 1] == b'"' {
                    out.push(Tok { s: i as u32, e: i as u32 + 1, id: SENT })
                }
                i += 1
            } else if c == b' ' || c == b'\n' {
                i += 1
            } else if c >= 0x80 {
                if c == 0xE2 && i + 2 < n && b[i + 1] == 0x80 {
                    out.push(Tok { s: i as u32, e: i as u32 + 3, id: PUNCT });
                    i += 3
                } else {
                    let s = i;
                    i += 1;
                    while i < n && (b[i] >= 0x80 || CLASS[b[i] as usize] == W) {
                        i += 1
                    }
                    out.push(Tok { s: s as u32, e: i as u32, id: self.id(&b[s..i]) })
                }
            } else {
                out.push(Tok { s: i as u32, e: i as u32 + 1, id: 256 + c as u32 });
                i += 1
            }
        }
    }
}
const W: u8 = 1;
const D: u8 = 2;
const A: u8 = 3;
static CLASS: [u8; 256] = {
    let mut t = [0u8; 256];
    let mut i = 0;
    while i < 128 {
        let c = i as u8;
        if c.is_ascii_alphabetic() || c == b'_' {
            t[i] = W
        } else if c.is_ascii_digit() {
            t[i] = D
        } else if c == b'\'' {
            t[i] = A
        }
        i += 1
    }
    t
};
/// word-level trie walk from each position: all phrase hits, overlapping, with byte spans
pub struct Phrases {
    first: Vec<u32>,
    edges: FxHashMap<u64, u32>,
    term: Vec<Vec<u32>>,
}
impl Phrases {
    pub fn new(lex: &Lex, ph: &[&str]) -> Phrases {
        let mut edges: FxHashMap<u64, u32> = FxHashMap::default();
        let mut term = vec![vec![]];
        let mut buf = vec![];
        for (pi, p) in ph.iter().enumerate() {
            lex.run(p, &mut buf);
            let mut n = 0u32;
            for t in &buf {
                let id = if t.id == UNK { panic!() } else { t.id };
                let nx = term.len() as u32;
                let k = (n as u64) << 32 | id as u64;
                n = *edges.entry(k).or_insert_with(|| {
                    term.push(vec![]);
                    nx
                });
            }
            term[n as usize].push(pi as u32)
        }
        let mut first = vec![0u32; lex.len() + 520];
        for (k, v) in &edges {
            if k >> 32 == 0 {
                first[*k as u32 as usize] = *v
            }
        }
        Phrases { first, edges, term }
    }
    #[inline]
    pub fn on(&self, b: &[Tok], mut f: impl FnMut(usize, usize, usize)) -> u64 {
        let mut hits = 0;
        for i in 0..b.len() {
            let id = b[i].id;
            let mut n = self.first[id as usize];
            if n == 0 {
                continue;
            }
            let mut j = i;
            loop {
                for &p in &self.term[n as usize] {
                    hits += 1;
                    f(p as usize, b[i].s as usize, b[j].e as usize)
                }
                j += 1;
                if j >= b.len() || b[j].id == UNK {
                    break;
                }
                match self.edges.get(&((n as u64) << 32 | b[j].id as u64)) {
                    Some(x) => n = *x,
                    None => break,
                }
            }
        }
        hits
    }
}

#[derive(serde::Deserialize)]
pub struct ElSrc {
    alts: Vec<Vec<String>>,
    min: u8,
    max: u8,
}
const ANY: u32 = u32::MAX;
struct El {
    alts: Vec<Vec<u32>>,
    min: u8,
    max: u8,
}
struct Pat {
    els: Vec<El>,
    anchor: usize,
}
pub struct TokPats {
    pub lex: Lex,
    pats: Vec<Pat>,
    trig: Vec<(u32, u32)>,
    flat: Vec<(u16, u8)>,
}
const STOP: &[&str] = &[
    "i", "we", "they", "he", "she", "my", "the", "our", "a", "in", "on", "at", "was", "were", "is", "are", "had",
    "have", "that", "to", "this", "what", "when", "by", "from", "it",
];
#[inline]
fn alt_at(a: &[u32], t: &[Tok], i: usize) -> bool {
    i + a.len() <= t.len()
        && a.iter().zip(&t[i..]).all(|(x, y)| *x == y.id || (*x == ANY && (y.id >= 512 || y.id == UNK || y.id == NUM)))
}
fn fwd(e: &[El], k: usize, rep: u8, t: &[Tok], i: usize) -> Option<usize> {
    if k == e.len() {
        return Some(i);
    }
    if rep < e[k].max {
        for a in &e[k].alts {
            if alt_at(a, t, i) {
                if let Some(r) = fwd(e, k, rep + 1, t, i + a.len()) {
                    return Some(r);
                }
            }
        }
    }
    if rep >= e[k].min { fwd(e, k + 1, 0, t, i) } else { None }
}
fn bwd(e: &[El], k: usize, rep: u8, t: &[Tok], i: usize) -> Option<usize> {
    // e[..k] must end at token i
    if k == 0 {
        return Some(i);
    }
    let x = &e[k - 1];
    if rep < x.max {
        for a in &x.alts {
            if i >= a.len() && alt_at(a, t, i - a.len()) {
                if let Some(r) = bwd(e, k, rep + 1, t, i - a.len()) {
                    return Some(r);
                }
            }
        }
    }
    if rep >= x.min { bwd(e, k - 1, 0, t, i) } else { None }
}
impl TokPats {
    pub fn new(src: &[Vec<ElSrc>], extra: &[&str]) -> TokPats {
        let mut words: Vec<&str> = extra.to_vec();
        for p in src {
            for e in p {
                for a in &e.alts {
                    for w in a {
                        words.push(w)
                    }
                }
            }
        }
        let lex = Lex::new(&words);
        let mut buf = vec![];
        let mut id = |w: &str| -> u32 {
            if w == "*" {
                ANY
            } else if w == "#" {
                NUM
            } else {
                lex.run(w, &mut buf);
                assert!(buf.len() == 1, "{w}");
                buf[0].id
            }
        };
        let mut pats = vec![];
        let mut trig: Vec<Vec<(u16, u8)>> = vec![];
        for (pi, p) in src.iter().enumerate() {
            let els: Vec<El> = p
                .iter()
                .map(|e| El {
                    alts: e.alts.iter().map(|a| a.iter().map(|w| id(w)).collect()).collect(),
                    min: e.min,
                    max: e.max,
                })
                .collect();
            let anchor = (0..p.len())
                .filter(|&k| p[k].min == 1 && p[k].max == 1 && !p[k].alts.iter().any(|a| a[0] == "*" || a[0] == "#"))
                .min_by_key(|&k| {
                    (
                        p[k].alts
                            .iter()
                            .filter(|a| STOP.contains(&a[0].to_lowercase().as_str()) && a.len() == 1)
                            .count(),
                        p[k].alts.len(),
                    )
                })
                .unwrap();
            for (ai, a) in els[anchor].alts.iter().enumerate() {
                let w = a[0] as usize;
                if trig.len() <= w {
                    trig.resize(w + 1, vec![])
                }
                trig[w].push((pi as u16, ai as u8))
            }
            pats.push(Pat { els, anchor });
        }
        trig.resize((lex.len() + 520).max(trig.len()), vec![]);
        let mut flat = vec![];
        let mut ix = vec![];
        for v in &trig {
            ix.push((flat.len() as u32, (flat.len() + v.len()) as u32));
            flat.extend_from_slice(v)
        }

        TokPats { lex, pats, trig: ix, flat }
    }
    #[inline]
    pub fn on(&self, b: &[Tok], mut f: impl FnMut(usize, usize, usize)) -> u64 {
        let mut hits = 0;
        let mut last = [0u32; 512];
        for i in 0..b.len() {
            let (x, y) = self.trig[b[i].id as usize];
            if x == y {
                continue;
            }
            for &(p, a) in &self.flat[x as usize..y as usize] {
                let pt = &self.pats[p as usize];
                let al = &pt.els[pt.anchor].alts[a as usize];
                if !alt_at(al, b, i) {
                    continue;
                }
                let Some(e) = fwd(&pt.els[pt.anchor + 1..], 0, 0, b, i + al.len()) else { continue };
                let Some(s) = bwd(&pt.els[..pt.anchor], pt.anchor, 0, b, i) else { continue };
                if b[s].s < last[p as usize] {
                    continue;
                }
                last[p as usize] = b[e - 1].e;
                hits += 1;
                f(p as usize, b[s].s as usize, b[e - 1].e as usize)
            }
        }
        hits
    }
}
