-- What looks like chance is a hash of the seed, of what is drawn, and of whom: a draw is the same whenever it is asked for,
-- by whichever thread.
--
-- gives   uniform(h)  of a hash, above 0 and below 1
--         normal(h)   of a hash, standard normal: Box and Muller (1958), each half of the hash one uniform number
create macro uniform(h) as ((h >> 11) + 0.5) / 9007199254740992.0;
create macro normal(h) as
  sqrt(-2 * ln(((h >> 32) + 0.5) / 4294967296.0)) * cos(2 * pi() * (h & 4294967295) / 4294967296.0);
