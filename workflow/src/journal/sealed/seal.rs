//! Sealing and opening, body by body.

use chacha20poly1305::aead::Generate as _;
use chacha20poly1305::{AeadInOut as _, Tag, XNonce};

use super::place::Place;
use super::{Body, Claimed, Ending, Entry, Keyring, Mail, NewRun, Record, RunRow, StoreError};
use crate::journal::body::SEALED;

/// The bytes before what is sealed with the content: whether it is text, and the checksum.
const HEAD: usize = 5;
const TAG: usize = 16;

/// Seals and opens what goes into one journal and comes out of it.
#[derive(Debug, Clone)]
pub(super) struct Seal {
    keyring: Keyring,
    /// The key that seals.
    with: u32,
    /// Of runs from that number on all is sealed; those before may have begun in clear.
    from: u64,
}

/// Nothing could be sealed.
#[derive(Debug, thiserror::Error)]
enum Unsealable {
    #[error("there is no key {0}")]
    NoKey(u32),
    #[error("the system gives no random bytes: {0}")]
    Random(String),
    #[error("it is too long")]
    Long,
}

impl Seal {
    pub(super) fn new(keyring: &Keyring, with: u32, from: u64) -> Self {
        Self {
            keyring: keyring.clone(),
            with,
            from,
        }
    }

    /// A body as the store sees it, with the checksum of its row inside.
    pub(super) fn body(&self, place: &Place, body: &Body, sum: u32) -> Result<Body, StoreError> {
        let sealed = self.bytes(place, body, sum);
        let sealed = sealed.map_err(|error| StoreError::new("seal what goes into", "", error))?;
        Ok(Body::Packed(sealed))
    }

    fn bytes(&self, place: &Place, body: &Body, sum: u32) -> Result<Vec<u8>, Unsealable> {
        let key = self.keyring.key(self.with);
        let key = key.ok_or(Unsealable::NoKey(self.with))?;
        let nonce =
            XNonce::try_generate().map_err(|error| Unsealable::Random(error.to_string()))?;
        let content = body.bytes();
        let length = SEALED.len() + 4 + nonce.len() + HEAD + content.len() + TAG;
        let mut sealed = Vec::with_capacity(length);
        sealed.extend(SEALED);
        sealed.extend(self.with.to_le_bytes());
        sealed.extend(nonce);
        let begin = sealed.len();
        sealed.push(u8::from(matches!(body, Body::Packed(_))));
        sealed.extend(sum.to_le_bytes());
        sealed.extend(content);
        let inside = (&mut sealed[begin..]).into();
        let tag = key.encrypt_inout_detached(&nonce, &place.bytes, inside);
        sealed.extend(tag.map_err(|_| Unsealable::Long)?);
        Ok(sealed)
    }

    /// A body as it was before it was sealed, and the checksum of its row. Where it can't be opened, one whose reading
    /// says why.
    pub(super) fn open(&self, place: &Place, body: Body, sum: u32) -> (Body, u32) {
        let Body::Packed(bytes) = &body else {
            return (self.in_clear(place, body), sum);
        };
        let Some(rest) = bytes.strip_prefix(&SEALED) else {
            return (self.in_clear(place, body), sum);
        };
        let Some((id, rest)) = rest.split_first_chunk() else {
            return (Body::changed(), sum);
        };
        match self.keyring.key(u32::from_le_bytes(*id)) {
            Some(key) => opened(key, place, rest).unwrap_or_else(|| (Body::changed(), sum)),
            None => (body, sum),
        }
    }

    fn in_clear(&self, place: &Place, body: Body) -> Body {
        match place.run {
            Some(run) if run >= self.from => Body::in_clear(),
            _ => body,
        }
    }
}

fn opened(
    key: &chacha20poly1305::XChaCha20Poly1305,
    place: &Place,
    bytes: &[u8],
) -> Option<(Body, u32)> {
    let (nonce, rest) = bytes.split_first_chunk::<24>()?;
    let (inside, tag) = rest.split_last_chunk::<TAG>()?;
    let mut inside = inside.to_vec();
    let (nonce, tag) = (XNonce::from(*nonce), Tag::from(*tag));
    let buffer = inside.as_mut_slice().into();
    key.decrypt_inout_detached(&nonce, &place.bytes, buffer, &tag)
        .ok()?;
    let (head, content) = inside.split_first_chunk::<HEAD>()?;
    let [kind, sum @ ..] = *head;
    let content = content.to_vec();
    let body = match kind {
        0 => Body::Text(String::from_utf8(content).ok()?),
        1 => Body::Packed(content),
        _ => return None,
    };
    Some((body, u32::from_le_bytes(sum)))
}

impl Seal {
    /// An entry as the store sees it. An effect seals its record itself, when it has happened.
    pub(super) fn entry(&self, entry: &Entry) -> Result<Entry, StoreError> {
        Ok(match entry {
            Entry::Begin(new, first) => {
                Entry::Begin(self.new_run(new)?.into(), self.first(new, first.as_ref())?)
            }
            Entry::Enqueue(new, first) => {
                Entry::Enqueue(self.new_run(new)?.into(), self.first(new, first.as_ref())?)
            }
            Entry::Record { run, record, mail } => Entry::Record {
                run: *run,
                record: self.record(*run, record)?,
                mail: *mail,
            },
            Entry::Work(work) => {
                let seal = self.clone();
                let seal = move |run, record: &Record| seal.record(run, record);
                Entry::Work(work.sealed(std::sync::Arc::new(seal)))
            }
            Entry::End { run, ending } => Entry::End {
                run: *run,
                ending: Ending {
                    body: self.body(&Place::end(*run, ending), &ending.body, ending.sum)?,
                    sum: 0,
                    ..*ending
                },
            },
            Entry::Park { run, wake } => Entry::Park {
                run: *run,
                wake: *wake,
            },
            Entry::Post { run, body } => Entry::Post {
                run: *run,
                body: self.body(&Place::mail(*run), body, 0)?,
            },
            Entry::Reopen { run, record } => Entry::Reopen {
                run: *run,
                record: self.record(*run, record)?,
            },
            Entry::Note { name, body } => Entry::Note {
                name: name.clone(),
                body: self.body(&Place::note(name), body, 0)?,
            },
        })
    }

    fn new_run(&self, new: &NewRun) -> Result<NewRun, StoreError> {
        Ok(NewRun {
            input: self.body(&Place::input(new), &new.input, new.sum)?,
            sum: 0,
            id: new.id.clone(),
            workflow: new.workflow.clone(),
            ..*new
        })
    }

    fn first(&self, new: &NewRun, first: Option<&Record>) -> Result<Option<Record>, StoreError> {
        first.map(|first| self.record(new.run, first)).transpose()
    }

    fn record(&self, run: u64, record: &Record) -> Result<Record, StoreError> {
        Ok(Record {
            body: self.body(&Place::record(run, record), &record.body, record.sum)?,
            sum: 0,
            path: record.path.clone(),
            ..*record
        })
    }

    pub(super) fn open_row(&self, mut row: RunRow) -> RunRow {
        let new = &mut row.new;
        let place = Place::input(new);
        (new.input, new.sum) = self.open(&place, take(&mut new.input), new.sum);
        if let Some(ending) = &mut row.ending {
            let place = Place::end(new.run, ending);
            (ending.body, ending.sum) = self.open(&place, take(&mut ending.body), ending.sum);
        }
        row
    }

    pub(super) fn open_record(&self, run: u64, mut record: Record) -> Record {
        let place = Place::record(run, &record);
        (record.body, record.sum) = self.open(&place, take(&mut record.body), record.sum);
        record
    }

    pub(super) fn open_mail(&self, mut mail: Mail) -> Mail {
        let place = Place::mail(mail.run);
        (mail.body, _) = self.open(&place, take(&mut mail.body), 0);
        mail
    }

    pub(super) fn open_note(&self, name: &str, body: Body) -> Body {
        self.open(&Place::note(name), body, 0).0
    }

    pub(super) fn open_claimed(&self, claimed: Claimed) -> Claimed {
        let run = claimed.row.new.run;
        let records = claimed.records.map(|records| {
            let open = |record| self.open_record(run, record);
            records.into_iter().map(open).collect()
        });
        let mail = claimed.mail.into_iter();
        Claimed {
            row: self.open_row(claimed.row),
            records,
            mail: mail.map(|mail| self.open_mail(mail)).collect(),
        }
    }
}

fn take(body: &mut Body) -> Body {
    std::mem::replace(body, Body::Text(String::new()))
}
