//! What is English (or another language) stands in a file, not in code: this reads it.

use super::rows::{Part, items};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// What a word does in a sentence: a set of the classes that a language file names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub(crate) struct Traits(pub(crate) u64);

macro_rules! traits {
    ($($name:ident $key:literal $what:literal;)*) => {
        #[allow(non_upper_case_globals, reason = "one bit each, named as in the file")]
        impl Traits {
            traits!(@bits 0; $($name $what;)*);
            /// The trait with this name in the file's `[words]`.
            pub(crate) fn from_key(key: &str) -> Option<Self> {
                match key { $($key => Some(Self::$name),)* _ => None }
            }
            /// All names, for "did you mean".
            pub(crate) const KEYS: &'static [&'static str] = &[$($key),*];
        }
    };
    (@bits $n:expr; $name:ident $what:literal; $($rest:tt)*) => {
        #[doc = $what]
        pub(crate) const $name: Self = Self(1 << $n);
        traits!(@bits $n + 1; $($rest)*);
    };
    (@bits $n:expr;) => {};
}

traits! {
    SPEAKER "speaker" "Subject: the speaker.";
    TEAM "team" "Subject: the speaker's team.";
    LISTENER "listener" "Subject: nobody in particular.";
    OTHERS "others" "Subject: other people.";
    THINGS "things" "Subject: no person.";
    FIRST_SINGULAR "first_singular" "First person singular.";
    FIRST_PLURAL "first_plural" "First person plural.";
    DETERMINER "determiner" "Starts a noun phrase.";
    PERSON "person" "A noun for people.";
    GROUP "group" "A group that the speaker belongs to.";
    BE "be" "A form of to be.";
    HAVE "have" "A form of to have.";
    DO "do" "A form of to do.";
    PAST_AUXILIARY "past_auxiliary" "Puts a clause in the past.";
    PRESENT_AUXILIARY "present_auxiliary" "Puts a clause in the present.";
    WOULD "would" "Makes a clause hypothetical.";
    WILL "will" "Puts a clause in the future.";
    CAN "can" "Ability or duty.";
    MAYBE_WOULD "maybe_would" "Would or had.";
    PREPOSITION "preposition" "Takes an object.";
    COORDINATOR "coordinator" "Joins clauses.";
    CONTRAST "contrast" "Sets a clause against the one before.";
    SUBORDINATOR "subordinator" "May start a clause.";
    BREAKER "breaker" "Starts a clause wherever it stands.";
    CONDITION "condition" "Starts a condition.";
    NEGATION "negation" "Denies what follows.";
    HABIT "habit" "Makes a clause a habit.";
    SPEECH "speech" "Introduces what was said or thought.";
    STATIVE "stative" "Says how things are.";
    NOUN "noun" "No verb, though it ends like one.";
    TIME "time" "Tells when.";
    FEELING "feeling" "A participle that tells how somebody feels, and is no passive.";
    LIGHT "light" "A phrase may step over it.";
    FILLER "filler" "No word at all.";
    NUMBER "number" "A number in words.";
    COMMON "common" "Too common to look rules up by.";
    COMMONEST "commonest" "In nearly every sentence: the last word to look a rule up by.";
    BASE "verb_base" "Verb: base form.";
    THIRD "verb_third" "Verb: third person singular.";
    PAST "verb_past" "Verb: past tense.";
    PARTICIPLE "verb_participle" "Verb: past participle.";
    ING "verb_ing" "Verb: -ing form.";
    SAYS_SPEAKER "verb_speaker" "Verb whose form says that the speaker acts, where no subject needs to stand.";
    SAYS_TEAM "verb_team" "Verb whose form says that we act.";
    SAYS_OTHER "verb_other" "Verb whose form says that somebody else acts.";
}

impl Part for Traits {
    const SIZE: usize = 8;

    fn put(&self, bytes: &mut &mut [u8]) {
        self.0.put(bytes);
    }

    #[inline]
    fn take(bytes: &mut &[u8]) -> Self {
        Self(u64::take(bytes))
    }
}

items!(Traits);

impl Traits {
    /// None.
    pub(crate) const NONE: Self = Self(0);

    /// Whether the two share a trait.
    pub(crate) const fn any(self, of: Self) -> bool {
        self.0 & of.0 != 0
    }

    /// Both together.
    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These but not the others.
    pub(crate) const fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }
}

/// A language file: `rubrics/language/*.toml`.
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct LanguageFile {
    /// Format version.
    schema: u32,
    /// Id of the language, such as `es`; a rubric names it as its `language`.
    id: String,
    /// Name of the language.
    #[serde(rename = "title")]
    _title: String,
    /// Lower-case words that a full stop may follow within a sentence.
    #[serde(default)]
    abbreviations: Vec<String>,
    /// Words that are written in one piece and read as several: the pieces with spaces between them.
    #[serde(default)]
    joined: Vec<String>,
    /// Words that stand for another one: pieces of contractions, slips of the keyboard.
    #[serde(default)]
    alias: HashMap<String, String>,
    /// Pieces of contractions that may be one of several words: a phrase with any of these finds the
    /// piece too.
    #[serde(default)]
    contracted: BTreeMap<String, Vec<String>>,
    /// Other spellings, tried on a word that no rule names.
    #[serde(default)]
    respell: Vec<Respell>,
    /// How `word~` is inflected: the first whose ending fits.
    #[serde(default)]
    inflect: Vec<Inflect>,
    /// What the end of an unknown word tells of it: ending to classes.
    #[serde(default)]
    suffix: BTreeMap<String, Vec<String>>,
    /// Verbs.
    verbs: Verbs,
    /// Words by what they do in a sentence: class to words.
    words: BTreeMap<String, Vec<String>>,
    /// What denies, and what only looks like it.
    negation: Negation,
    /// Words that cannot follow each other: shuffled words have many such pairs.
    #[serde(default, rename = "tangle")]
    tangles: Vec<Tangle>,
    /// Word lists for `@name`, for all rubrics of the language.
    #[serde(default)]
    lexicon: BTreeMap<String, Vec<String>>,
}

/// Words that cannot follow each other.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Tangle {
    /// Any of these,
    pub(crate) first: Vec<String>,
    /// and then any of these.
    pub(crate) then: Vec<String>,
}

/// A spelling that is tried on a word which no rule names.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct Respell {
    /// Letters as they may be written.
    pub(crate) from: String,
    /// Letters as the rules write them.
    pub(crate) to: String,
}

#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Inflect {
    /// Endings that it holds for, with spaces between them; empty for every word.
    ending: String,
    /// What is put on for the third person, the past and the -ing form; `-2` drops two letters first.
    forms: [String; 3],
    /// Further forms by the class that they have, such as `verb_past = ["-2aron"]`.
    #[serde(default)]
    more: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Verbs {
    /// Verbs that double their last letter before -ed and -ing.
    #[serde(default)]
    doubling: Vec<String>,
    /// Base, past and participle with spaces between them.
    #[serde(default)]
    irregular: Vec<String>,
    /// Base forms of regular verbs that are met in answers.
    #[serde(default)]
    regular: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Negation {
    /// Phrases that deny what follows them in their clause.
    triggers: Vec<String>,
    /// Phrases that look like it and deny nothing.
    #[serde(default)]
    pseudo: Vec<String>,
}

fn class(key: &str) -> Result<Traits, String> {
    Traits::from_key(key).ok_or_else(|| {
        let near = crate::diagnostics::did_you_mean(key, Traits::KEYS.iter().copied());
        let near = near.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        format!("no such class of words: `{key}`{near}")
    })
}

/// A language, ready for compiling rubrics.
#[derive(Debug)]
pub(crate) struct Language {
    /// Id, such as `en`.
    pub(crate) id: String,
    /// Lower-case words that a full stop may follow within a sentence.
    pub(crate) abbreviations: Vec<String>,
    /// Whole word to the byte lengths of its pieces.
    pub(crate) joined: HashMap<String, Vec<usize>>,
    /// A word that stands for another.
    pub(crate) alias: HashMap<String, String>,
    /// Pieces of contractions that a word may be written as.
    pub(crate) contracted: HashMap<String, Vec<String>>,
    /// Other spellings.
    pub(crate) respell: Vec<Respell>,
    /// Every word with a trait.
    pub(crate) words: HashMap<String, Traits>,
    /// What the end of an unknown word tells of it.
    pub(crate) suffixes: Vec<(String, Traits)>,
    /// Words that cannot follow each other.
    pub(crate) tangles: Vec<Tangle>,
    /// Phrases that deny what follows in their clause.
    pub(crate) negation: Vec<String>,
    /// Phrases that look like a negation and deny nothing.
    pub(crate) pseudo_negation: Vec<String>,
    /// Word lists for all rubrics of the language.
    pub(crate) lexicon: BTreeMap<String, Vec<String>>,
    /// Hash of the file, part of every rubric's hash.
    pub(crate) source: String,
    inflect: Vec<Inflect>,
    doubling: Vec<String>,
    irregular: HashMap<String, [String; 2]>,
}

impl Language {
    /// Reads a language file.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let file: LanguageFile = toml::from_str(text).map_err(|e| e.to_string())?;
        if file.schema > crate::content::raw::SCHEMA {
            return Err(format!("this file has format {}; update starcue", file.schema));
        }
        let mut language = Self {
            id: file.id,
            abbreviations: file.abbreviations,
            joined: file.joined.iter().map(|j| (j.replace(' ', ""), j.split(' ').map(str::len).collect())).collect(),
            alias: file.alias,
            contracted: HashMap::new(),
            respell: file.respell,
            words: HashMap::new(),
            suffixes: Vec::new(),
            tangles: file.tangles,
            negation: file.negation.triggers,
            pseudo_negation: file.negation.pseudo,
            lexicon: file.lexicon,
            source: text.to_owned(),
            inflect: file.inflect,
            doubling: file.verbs.doubling,
            irregular: HashMap::new(),
        };
        for (piece, words) in file.contracted {
            for word in words {
                language.contracted.entry(word).or_default().push(piece.clone());
            }
        }
        for verb in &file.verbs.irregular {
            let mut forms = verb.split(' ').map(str::to_owned);
            let (Some(base), Some(past), Some(participle)) = (forms.next(), forms.next(), forms.next()) else {
                return Err(format!("verbs.irregular: `{verb}` needs three forms: base, past, participle"));
            };
            language.irregular.insert(base, [past, participle]);
        }
        for rule in &language.inflect {
            for key in rule.more.keys() {
                class(key)?;
            }
        }
        let bases: Vec<String> = language.irregular.keys().cloned().chain(file.verbs.regular).collect();
        for base in bases {
            for (form, is) in language.more_forms(&base) {
                language.mark(form, is);
            }
            let [third, past, participle, ing] = language.forms(&base);
            for (form, is) in [
                (base, Traits::BASE),
                (third, Traits::THIRD),
                (past, Traits::PAST),
                (participle, Traits::PARTICIPLE),
                (ing, Traits::ING),
            ] {
                language.mark(form, is);
            }
        }
        for (ending, keys) in file.suffix {
            let mut is = Traits::NONE;
            for key in keys {
                is = is.with(class(&key)?);
            }
            language.suffixes.push((ending, is));
        }
        for (key, words) in file.words {
            let is = class(&key)?;
            for word in words {
                language.mark(word, is);
            }
        }
        Ok(language)
    }

    fn mark(&mut self, word: String, is: Traits) {
        let have = self.words.entry(word).or_default();
        *have = have.with(is);
    }

    /// The rule that a word is inflected by.
    fn inflection(&self, base: &str) -> Option<&Inflect> {
        self.inflect
            .iter()
            .find(|r| r.ending.is_empty() || r.ending.split(' ').any(|e| base.ends_with(e) && base.len() > e.len()))
    }

    /// Forms beside the four that every verb has, with the class of each.
    fn more_forms(&self, base: &str) -> Vec<(String, Traits)> {
        let more = self.inflection(base).into_iter().flat_map(|r| &r.more);
        more.flat_map(|(key, endings)| {
            let is = Traits::from_key(key).unwrap_or_default();
            endings.iter().map(move |ending| (put_on(base, ending), is))
        })
        .collect()
    }

    /// Third person, past, participle and -ing form of a word, taken as a verb.
    fn forms(&self, base: &str) -> [String; 4] {
        let Some(rule) = self.inflection(base) else { return [(); 4].map(|()| base.to_owned()) };
        let form = |ending: &str| put_on(base, ending);
        let [third, mut past, mut ing] = rule.forms.each_ref().map(|f| form(f));
        if self.doubling.iter().any(|d| d == base)
            && let Some(last) = base.chars().last()
        {
            past = format!("{base}{last}ed");
            ing = format!("{base}{last}ing");
        }
        match self.irregular.get(base) {
            Some([irregular, participle]) => {
                let ing = if ing.len() > 4 && Self::doubles(base) {
                    format!("{base}{}ing", &base[base.len() - 1..])
                } else {
                    ing
                };
                [third, irregular.clone(), participle.clone(), ing]
            }
            None => [third, past.clone(), past, ing],
        }
    }

    /// Whether a short irregular verb doubles its last letter: one vowel before one consonant.
    fn doubles(base: &str) -> bool {
        let b = base.as_bytes();
        let vowel = |c: u8| b"aeiou".contains(&c);
        let &[.., before, at, last] = b else { return false };
        !vowel(before) && vowel(at) && !vowel(last) && !b"wxy".contains(&last) && b.len() <= 6
    }

    /// All forms of a word, itself first: what `word~` stands for.
    pub(crate) fn inflect(&self, base: &str) -> Vec<String> {
        let mut forms = vec![base.to_owned()];
        forms.extend(self.forms(base));
        forms.extend(self.more_forms(base).into_iter().map(|(form, _)| form));
        forms.sort();
        forms.dedup();
        forms
    }
}

/// A word with an ending put on; an ending such as `-2ed` drops two letters first.
fn put_on(base: &str, ending: &str) -> String {
    let Some(rest) = ending.strip_prefix('-') else { return format!("{base}{ending}") };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let letters: usize = rest[..digits].parse().unwrap_or(0);
    let kept = base.chars().count().saturating_sub(letters);
    base.chars().take(kept).chain(rest[digits..].chars()).collect()
}
