//! What leads to which phrases.
//!
//! Each is looked up by its rarest element, and tried only where words of its other elements stand
//! near enough: before it or behind it, and with no more between than the phrase has room for.

use super::needs::{Asked, Near, Opening};
use super::pattern::{Node, number};
use super::print::{Beyond, Prints, Token, Window, after_each};
use crate::text::rows::fixed;
use std::collections::HashMap;

/// Where a phrase is tried from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// What must follow, beyond the next token.
    pub(crate) right: Beyond,
    /// What must come before, beyond the next token.
    pub(crate) left: Beyond,
    /// Index of the phrase.
    pub(crate) phrase: u32,
    /// The element that leads to it.
    pub(crate) element: u32,
    needs: [Near; NEEDS],
    /// A bit for each of `needs` that comes before the place.
    before: u8,
}

fixed!(Place { right: Beyond, left: Beyond, phrase: u32, element: u32, needs: [Near; NEEDS], before: u8 });

impl Place {
    /// The words that must be near, the rarest first, and whether each comes before the place.
    #[inline]
    pub(crate) fn needs(&self) -> impl Iterator<Item = (Near, bool)> {
        let before = self.before;
        let needs = self.needs.into_iter().take_while(|need| !need.of.is_anything());
        needs.enumerate().map(move |(at, need)| (need, before & 1 << at != 0))
    }
}

/// How many words a place asks for at most.
const NEEDS: usize = 4;

/// What leads to which phrases.
#[derive(Debug, Default)]
pub(super) struct Index {
    pub(super) by_word: Vec<Vec<Lead>>,
    pub(super) by_number: Vec<Lead>,
    pub(super) places: Vec<Place>,
    /// By phrase: the other elements that must be there, rarest first.
    others: Vec<Vec<Other>>,
}

/// An element that must be near a place.
#[derive(Debug, Clone, Copy)]
struct Other {
    opening: Opening,
    reach: u8,
    before: bool,
}

impl Index {
    pub(super) fn of(trees: &[Vec<Node>], asked: &mut Asked<'_>) -> Self {
        let mut index = Self { by_word: vec![Vec::new(); asked.vocabulary.len()], ..Self::default() };
        for (phrase, tree) in (0..).zip(trees) {
            index.add(phrase, tree, asked);
        }
        index.bring_together();
        index.name_needs(asked);
        index
    }

    /// Puts places side by side to which one word leads: they are looked at together.
    fn bring_together(&mut self) {
        let mut numbers = vec![None; self.places.len()];
        let mut places = Vec::with_capacity(self.places.len());
        for lead in self.by_word.iter_mut().flatten().chain(&mut self.by_number) {
            let of_old = &mut numbers[lead.place() as usize];
            let place = *of_old.get_or_insert_with(|| {
                places.push(self.places[lead.place() as usize]);
                number(places.len() - 1)
            });
            *lead = lead.at(place);
        }
        self.places = places;
    }

    /// Says of each place what it needs: in the order of the places, so that the sets that are asked for
    /// together stand together.
    fn name_needs(&mut self, asked: &mut Asked<'_>) {
        for place in &mut self.places {
            for (n, other) in self.others[place.phrase as usize].iter().enumerate() {
                place.needs[n] = Near { of: asked.one_of(&other.opening), reach: other.reach };
                place.before |= u8::from(other.before) << n;
            }
        }
    }

    fn add(&mut self, phrase: u32, tree: &[Node], asked: &mut Asked<'_>) {
        let mut openings: Vec<(usize, Opening)> =
            tree.iter().enumerate().filter_map(|(at, node)| Some((at, asked.of_element(node)?))).collect();
        openings.sort_by_key(|(element, opening)| (opening.cost, *element));
        // `compile` refuses phrases without a word of their own.
        let Some(lead) = openings.iter().position(|(_, o)| o.sure) else {
            self.others.push(Vec::new());
            return;
        };
        let (element, _) = openings.remove(lead);
        let others = openings.into_iter().filter(|(_, o)| !o.number).take(NEEDS).map(|(at, opening)| {
            // Both words are the first of their elements, so the one that comes earlier counts with all of its own.
            let reach = asked.extent_of_row(&tree[element.min(at)..element.max(at)]);
            Other { opening, reach, before: at < element }
        });
        self.others.push(others.collect());
        let (ahead, behind) = tree.split_at(element);
        let left = Prints::of_row(ahead, false, asked.tables);
        let mut known: HashMap<Prints, u32> = HashMap::new();
        for (token, right) in after_each(behind, asked.tables) {
            let place = *known.entry(right).or_insert_with(|| {
                let (right, left) = (right.beyond(), left.beyond());
                let (element, needs) = (number(element), [Near::NONE; NEEDS]);
                self.places.push(Place { right, left, phrase, element, needs, before: 0 });
                number(self.places.len() - 1)
            });
            let lead = Lead::new(&right, &left, place);
            match token {
                Token::Word(word) => self.by_word[word as usize].push(lead),
                Token::Number => self.by_number.push(lead),
            }
        }
    }
}

/// A place that a word leads to, with what must stand next to it on both sides: most are seen to be
/// none at this glance.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lead {
    right: u64,
    left: u64,
    /// Number of the place, and a bit for each side on which a gap may lie.
    place: u32,
}

fixed!(Lead { right: u64, left: u64, place: u32 });

impl Lead {
    /// Where the bits of the sides are.
    const RIGHT: u32 = 31;
    const LEFT: u32 = 30;
    const BOTH: u32 = 1 << Self::RIGHT | 1 << Self::LEFT;

    fn new(right: &Prints, left: &Prints, place: u32) -> Self {
        let ((right, far_right), (left, far_left)) = (right.next(), left.next());
        Self { right, left, place: place | u32::from(far_right) << Self::RIGHT | u32::from(far_left) << Self::LEFT }
    }

    /// Number of the place.
    #[inline]
    pub(crate) const fn place(self) -> u32 {
        self.place & !Self::BOTH
    }

    const fn at(self, place: u32) -> Self {
        Self { place: self.place & Self::BOTH | place, ..self }
    }

    /// Whether what is next to the left and to the right may be what must stand there.
    #[inline]
    pub(crate) const fn may_be(&self, left: &Window, right: &Window) -> bool {
        let to_the_right = self.right & right.at(0, self.place >> Self::RIGHT) != 0;
        let to_the_left = self.left & left.at(0, self.place >> Self::LEFT) != 0;
        // Both are asked: it is less work than to guess whether the second must be.
        to_the_right & to_the_left
    }
}
