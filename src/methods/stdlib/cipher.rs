//! `OpenSSL::Cipher`: AES, piece by piece.

use super::{algorithm_of, bytes_arg, bytes_value, random_bytes};
use crate::methods::crypto::cipher::{self, Aes, Error, Mode, TAG_LEN};
use crate::methods::{Method, ruby};
use crate::value::{ClassId, Kind, Object, Result, Unwind, Value, raise, to_s};
use std::any::Any;
use std::cell::RefCell;

const BLOCK: usize = 16;

pub(super) const CLASS: &[Method] = &[
    ruby(
        "ciphers",
        "() -> Array",
        "The ciphers there are.",
        "OpenSSL::Cipher.ciphers.include?('aes-256-cbc') => true",
        |_, _, _| {
            let modes = ["cbc", "ctr", "ecb", "gcm"];
            let names = ["128", "192", "256"]
                .into_iter()
                .flat_map(|bits| modes.map(|mode| Value::string(format!("aes-{bits}-{mode}"))));
            Ok(Value::array(names.collect()))
        },
    ),
    ruby(
        "new",
        "(name, mode = nil) -> Cipher",
        "A cipher by its name.",
        "OpenSSL::Cipher.new('aes-256-cbc').key_len => 32\nOpenSSL::Cipher.new('nope') => RuntimeError: unsupported cipher algorithm (nope)",
        |_, class, args| {
            let name = match (class, args.given(1)) {
                (Value::Class(ClassId::CIPHER_AES), Some(mode)) => {
                    format!("aes-{}-{}", args.text(0), to_s(mode).to_text())
                }
                _ => args.str(0)?.to_text(),
            };
            let aes = Aes::find(&name)
                .ok_or_else(|| raise(ClassId::RUNTIME_ERROR, format!("unsupported cipher algorithm ({name})")))?;
            Ok(Value::object(Cipher { aes, state: RefCell::new(State::new(aes)) }))
        },
    ),
];

pub(super) const ROWS: &[Method] = &[
    ruby("auth_data=", "(bytes)", "What the tag covers besides the text.", "", |_, cipher, args| {
        own(cipher)?.state.borrow_mut().associated = bytes_arg(&args, 0)?;
        Ok(args.get(0))
    }),
    ruby("auth_tag", "(length = 16) -> String", "The tag, once `final` was called.", "", |_, cipher, args| {
        let length = if args.is_empty() { TAG_LEN } else { usize::try_from(args.int(0)?).unwrap_or(TAG_LEN) };
        let cipher = own(cipher)?;
        let state = cipher.state.borrow();
        match state.tag.get(..length) {
            Some(tag) if cipher.aes.mode == Mode::Gcm => Ok(bytes_value(tag.to_vec())),
            _ => Err(cipher_error("authentication tag not supported by this cipher")),
        }
    }),
    ruby("auth_tag=", "(tag)", "The tag to check.", "", |_, cipher, args| {
        own(cipher)?.state.borrow_mut().tag = bytes_arg(&args, 0)?;
        Ok(args.get(0))
    }),
    ruby(
        "authenticated?",
        "() -> true or false",
        "Whether it makes tags.",
        "OpenSSL::Cipher.new('aes-128-gcm').authenticated? => true",
        |_, cipher, _| Ok((own(cipher)?.aes.mode == Mode::Gcm).into()),
    ),
    ruby(
        "block_size",
        "() -> Integer",
        "Bytes of a block.",
        "OpenSSL::Cipher.new('aes-128-cbc').block_size => 16",
        |_, cipher, _| Ok(own(cipher)?.aes.block_len().into()),
    ),
    ruby("decrypt", "() -> Cipher", "From here on it decrypts.", "", |_, cipher, _| turn(cipher, false)),
    ruby("encrypt", "() -> Cipher", "From here on it encrypts.", "", |_, cipher, _| turn(cipher, true)),
    ruby(
        "final",
        "() -> String",
        "What is left of the text.",
        "c = OpenSSL::Cipher.new('aes-128-cbc').encrypt; c.key = '0123456789abcdef'; c.iv = 'fedcba9876543210'; (c.update('data') + c.final).unpack1('H*') => \"1da6f09c42f7fc43797aeede866e812c\"",
        |_, cipher, _| finish(own(cipher)?).map(bytes_value),
    ),
    ruby(
        "iv=",
        "(bytes)",
        "The initialisation vector.",
        "OpenSSL::Cipher.new('aes-128-cbc').iv = 'x' => ArgumentError: iv must be 16 bytes",
        |_, cipher, args| {
            let (cipher, iv) = (own(cipher)?, bytes_arg(&args, 0)?);
            if iv.len() != cipher.aes.iv_len() {
                let message = format!("iv must be {} bytes", cipher.aes.iv_len());
                return Err(raise(ClassId::ARGUMENT_ERROR, message));
            }
            cipher.state.borrow_mut().iv = iv;
            Ok(args.get(0))
        },
    ),
    ruby(
        "iv_len",
        "() -> Integer",
        "Bytes of the initialisation vector.",
        "OpenSSL::Cipher.new('aes-128-gcm').iv_len => 12",
        |_, cipher, _| Ok(own(cipher)?.aes.iv_len().into()),
    ),
    ruby(
        "key=",
        "(bytes)",
        "The key.",
        "OpenSSL::Cipher.new('aes-128-cbc').key = 'x' => ArgumentError: key must be 16 bytes",
        |_, cipher, args| {
            let (cipher, key) = (own(cipher)?, bytes_arg(&args, 0)?);
            if key.len() != cipher.aes.key_len {
                return Err(raise(ClassId::ARGUMENT_ERROR, format!("key must be {} bytes", cipher.aes.key_len)));
            }
            cipher.state.borrow_mut().key = key;
            Ok(args.get(0))
        },
    ),
    ruby(
        "key_len",
        "() -> Integer",
        "Bytes of the key.",
        "OpenSSL::Cipher.new('aes-256-cbc').key_len => 32",
        |_, cipher, _| Ok(own(cipher)?.aes.key_len.into()),
    ),
    ruby(
        "name",
        "() -> String",
        "The cipher's name.",
        "OpenSSL::Cipher.new('aes-256-cbc').name => \"AES-256-CBC\"",
        |_, cipher, _| Ok(own(cipher)?.aes.name().into()),
    ),
    ruby("padding=", "(number)", "0 takes whole blocks as they are.", "", |_, cipher, args| {
        own(cipher)?.state.borrow_mut().padded = args.int(0)? != 0;
        Ok(args.get(0))
    }),
    ruby(
        "pkcs5_keyivgen",
        "(password, salt = nil, rounds = 2048, digest = 'md5')",
        "Makes key and initialisation vector of a password.",
        "",
        |_, cipher, args| {
            let algorithm =
                if args.get(3).is_nil() { algorithm_of(&"md5".into())? } else { algorithm_of(&args.get(3))? };
            let salt = if args.get(1).is_nil() { Vec::new() } else { bytes_arg(&args, 1)? };
            let rounds = if args.get(2).is_nil() { 2048 } else { args.int(2)? };
            let cipher = own(cipher)?;
            let wanted = cipher.aes.key_len + cipher.aes.iv_len();
            let password = bytes_arg(&args, 0)?;
            let (mut made, mut last) = (Vec::new(), Vec::new());
            while made.len() < wanted {
                last = algorithm.digest(&[last.as_slice(), &password, &salt].concat());
                for _ in 1..rounds {
                    last = algorithm.digest(&last);
                }
                made.extend_from_slice(&last);
            }
            let mut state = cipher.state.borrow_mut();
            state.key = made[..cipher.aes.key_len].to_vec();
            state.iv = made[cipher.aes.key_len..wanted].to_vec();
            Ok(Value::Nil)
        },
    ),
    ruby(
        "random_iv",
        "() -> String",
        "Sets a random initialisation vector and gives it.",
        "OpenSSL::Cipher.new('aes-128-cbc').random_iv.bytesize => 16",
        |host, cipher, _| {
            let cipher = own(cipher)?;
            let iv = random_bytes(host, cipher.aes.iv_len());
            cipher.state.borrow_mut().iv.clone_from(&iv);
            Ok(bytes_value(iv))
        },
    ),
    ruby(
        "random_key",
        "() -> String",
        "Sets a random key and gives it.",
        "OpenSSL::Cipher.new('aes-128-cbc').random_key.bytesize => 16",
        |host, cipher, _| {
            let cipher = own(cipher)?;
            let key = random_bytes(host, cipher.aes.key_len);
            cipher.state.borrow_mut().key.clone_from(&key);
            Ok(bytes_value(key))
        },
    ),
    ruby("reset", "() -> Cipher", "Begins anew with the same key.", "", |_, cipher, _| {
        own(cipher)?.state.borrow_mut().rewind();
        Ok(cipher.clone())
    }),
    ruby(
        "update",
        "(bytes) -> String",
        "Takes more of the text, gives what is ready.",
        "OpenSSL::Cipher.new('aes-128-cbc').update('a') => OpenSSL::Cipher::CipherError: key not set",
        |_, cipher, args| {
            let more = bytes_arg(&args, 0)?;
            update(own(cipher)?, &more).map(bytes_value)
        },
    ),
];

struct Cipher {
    aes: Aes,
    state: RefCell<State>,
}

struct State {
    encrypts: bool,
    padded: bool,
    key: Vec<u8>,
    iv: Vec<u8>,
    associated: Vec<u8>,
    tag: Vec<u8>,
    /// Of a block mode: what no block was made of yet. Of a stream mode: the whole text.
    pending: Vec<u8>,
    /// What the next block is chained to.
    chain: Option<Vec<u8>>,
    /// Bytes of a stream that were given out.
    emitted: usize,
}

impl State {
    fn new(aes: Aes) -> Self {
        Self {
            encrypts: true,
            padded: true,
            key: Vec::new(),
            iv: vec![0; aes.iv_len()],
            associated: Vec::new(),
            tag: Vec::new(),
            pending: Vec::new(),
            chain: None,
            emitted: 0,
        }
    }

    fn rewind(&mut self) {
        self.pending.clear();
        self.chain = None;
        self.emitted = 0;
    }

    fn chain(&self) -> &[u8] {
        self.chain.as_deref().unwrap_or(&self.iv)
    }

    /// Whole blocks in, whole blocks out; remembers what the next ones are chained to.
    fn blocks(&mut self, mode: Mode, data: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        if data.is_empty() {
            return Ok(Vec::new());
        }
        let out = match (mode, self.encrypts) {
            (Mode::Ecb, true) => cipher::ecb_encrypt(&self.key, data, false)?,
            (Mode::Ecb, false) => cipher::ecb_decrypt(&self.key, data, false)?,
            (_, true) => cipher::cbc_encrypt_blocks(&self.key, self.chain(), data)?,
            (_, false) => cipher::cbc_decrypt(&self.key, self.chain(), data, false)?,
        };
        let sealed = if self.encrypts { &out } else { data };
        self.chain = Some(sealed[sealed.len() - BLOCK..].to_vec());
        Ok(out)
    }

    /// The part of a stream that was not given out yet. GCM counts from 2, after the block of its tag.
    fn stream(&mut self, mode: Mode) -> std::result::Result<Vec<u8>, Error> {
        let mut counter = self.iv.clone();
        if mode == Mode::Gcm {
            counter.extend([0, 0, 0, 2]);
        }
        let out = cipher::ctr(&self.key, &counter, &self.pending)?;
        let fresh = out.get(self.emitted..).unwrap_or_default().to_vec();
        self.emitted = out.len();
        Ok(fresh)
    }
}

impl Object for Cipher {
    fn kind(&self) -> Kind {
        Kind::Crypto
    }

    fn class(&self) -> ClassId {
        ClassId::CIPHER
    }

    fn namespace(&self) -> Option<&'static str> {
        Some("Cipher")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn own(value: &Value) -> Result<&Cipher> {
    value.downcast().ok_or_else(|| raise(ClassId::TYPE_ERROR, "no cipher"))
}

#[cold]
fn cipher_error(message: &str) -> Box<Unwind> {
    raise(ClassId::CIPHER_ERROR, message)
}

#[cold]
fn failed(error: Error) -> Box<Unwind> {
    cipher_error(error.message())
}

fn turn(cipher: &Value, encrypts: bool) -> Result<Value> {
    let mut state = own(cipher)?.state.borrow_mut();
    state.rewind();
    state.encrypts = encrypts;
    Ok(cipher.clone())
}

fn update(cipher: &Cipher, more: &[u8]) -> Result<Vec<u8>> {
    let mut state = cipher.state.borrow_mut();
    if state.key.is_empty() {
        return Err(cipher_error("key not set"));
    }
    if more.is_empty() {
        return Err(raise(ClassId::ARGUMENT_ERROR, "data must not be empty"));
    }
    state.pending.extend_from_slice(more);
    if matches!(cipher.aes.mode, Mode::Ctr | Mode::Gcm) {
        return state.stream(cipher.aes.mode).map_err(failed);
    }
    // The last block of a padded text waits for `final`, which takes the padding off.
    let held = usize::from(state.padded && !state.encrypts);
    let ready = state.pending.len().saturating_sub(held) / BLOCK * BLOCK;
    let data: Vec<u8> = state.pending.drain(..ready).collect();
    state.blocks(cipher.aes.mode, &data).map_err(failed)
}

fn finish(cipher: &Cipher) -> Result<Vec<u8>> {
    let mut state = cipher.state.borrow_mut();
    if state.key.is_empty() {
        return Err(cipher_error("key not set"));
    }
    let rest = std::mem::take(&mut state.pending);
    let out = match (cipher.aes.mode, state.encrypts) {
        (Mode::Ctr, _) => Ok(Vec::new()),
        (Mode::Gcm, true) => {
            let sealed = cipher::gcm_encrypt(&state.key, &state.iv, &rest, &state.associated);
            sealed.map(|(_, tag)| {
                state.tag = tag;
                Vec::new()
            })
        }
        (Mode::Gcm, false) => {
            let plain = cipher::gcm_decrypt(&state.key, &state.iv, &rest, &state.tag, &state.associated);
            plain.map(|_| Vec::new())
        }
        (mode, encrypts) => last_block(&state, mode, encrypts, &rest),
    };
    state.rewind();
    out.map_err(failed)
}

fn last_block(state: &State, mode: Mode, encrypts: bool, rest: &[u8]) -> std::result::Result<Vec<u8>, Error> {
    if !state.padded {
        return if rest.is_empty() { Ok(Vec::new()) } else { Err(Error::BlockLength) };
    }
    match (mode, encrypts) {
        (Mode::Ecb, true) => cipher::ecb_encrypt(&state.key, rest, true),
        (Mode::Ecb, false) => cipher::ecb_decrypt(&state.key, rest, true),
        (_, true) => cipher::cbc_encrypt(&state.key, state.chain(), rest),
        (_, false) => cipher::cbc_decrypt(&state.key, state.chain(), rest, true),
    }
}
