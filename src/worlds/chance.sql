-- What looks like chance is a hash of the seed, of what is drawn, and of whom: a draw is the same whenever it is asked for,
-- by whichever thread.
--
-- gives   uniform(h)  of a hash, above 0 and below 1
--         normal(h)   of a hash, standard normal: Box and Muller (1958), each half of the hash one uniform number
--
-- The hash is hashed again: of several values the engine mixes the last in by a mere exclusive or, so that two periods
-- would differ in the same bits for all flows, and their noise be alike, or opposite, in all of them. Numbers are written
-- as doubles: with decimals the engine would count in 128 bits, fifty times as long.
create macro uniform(h) as ((hash(h) >> 11) + 0.5e0) / 9007199254740992e0;
create macro normal(h) as
  sqrt(-2e0 * ln(((hash(h) >> 32) + 0.5e0) / 4294967296e0)) * cos(2e0 * pi() * ((hash(h) & 4294967295) / 4294967296e0));
