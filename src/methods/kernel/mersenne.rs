//! The generator behind `srand` and `Random.new(seed)`: MT19937, so that a seed gives the numbers it gives in Ruby.

use num_bigint::BigInt;

const SIZE: usize = 624;
const SHIFT: usize = 397;

/// MT19937, seeded as Ruby seeds it.
pub struct Mersenne {
    state: [u32; SIZE],
    next: usize,
}

impl Mersenne {
    /// From the absolute value of an integer of any size.
    pub fn new(seed: &BigInt) -> Self {
        let (_, mut key) = seed.to_u32_digits();
        if key.is_empty() {
            key.push(0);
        }
        if let [seed] = key.as_slice() {
            return Self::from_number(*seed);
        }
        let mut generator = Self::from_number(19_650_218);
        generator.mix(&key);
        generator
    }

    fn from_number(seed: u32) -> Self {
        let mut state = [seed; SIZE];
        for at in 1..SIZE {
            let before = state[at - 1];
            state[at] = (before ^ (before >> 30)).wrapping_mul(1_812_433_253).wrapping_add(at as u32);
        }
        Self { state, next: SIZE }
    }

    fn mix(&mut self, key: &[u32]) {
        let mut at = 1;
        let mut word = 0;
        for _ in 0..SIZE.max(key.len()) {
            let mixed = self.mixed(at, 1_664_525);
            self.state[at] = mixed.wrapping_add(key[word]).wrapping_add(word as u32);
            at = self.wrap(at + 1);
            word = (word + 1) % key.len();
        }
        for _ in 1..SIZE {
            self.state[at] = self.mixed(at, 1_566_083_941).wrapping_sub(at as u32);
            at = self.wrap(at + 1);
        }
        self.state[0] = 0x8000_0000;
    }

    fn mixed(&self, at: usize, factor: u32) -> u32 {
        let before = self.state[at - 1];
        self.state[at] ^ (before ^ (before >> 30)).wrapping_mul(factor)
    }

    /// The place after the last is the second, and the first becomes a copy of the last.
    fn wrap(&mut self, at: usize) -> usize {
        if at < SIZE {
            return at;
        }
        self.state[0] = self.state[SIZE - 1];
        1
    }

    fn refill(&mut self) {
        for at in 0..SIZE {
            let joined = (self.state[at] & 0x8000_0000) | (self.state[(at + 1) % SIZE] & 0x7FFF_FFFF);
            let odd = if joined & 1 == 1 { 0x9908_B0DF } else { 0 };
            self.state[at] = self.state[(at + SHIFT) % SIZE] ^ (joined >> 1) ^ odd;
        }
        self.next = 0;
    }

    pub fn next_u32(&mut self) -> u32 {
        if self.next >= SIZE {
            self.refill();
        }
        let mut word = self.state[self.next];
        self.next += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9D2C_5680;
        word ^= (word << 15) & 0xEFC6_0000;
        word ^ (word >> 18)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_numbers_it_gives_in_ruby() {
        let first = |seed: i64| Mersenne::new(&BigInt::from(seed)).next_u32();
        assert_eq!([first(0), first(42), first(-42)], [2_357_136_044, 1_608_637_542, 1_608_637_542]);
        let mut long = Mersenne::new(&(BigInt::from(1) << 100));
        assert_eq!(long.next_u32(), 3_258_412_053);
    }
}
