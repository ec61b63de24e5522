"""A condition that does not hold into records on which it does: the search below `repairs` and `questions`.

Input: a record (as a `State`), conditions of the model, what may be changed. Output: states, each the record with some
values changed, on which the reference finds that the conditions hold. Nothing is taken for granted: every state was
evaluated.

* `states`: a record and what was changed of it, by paths.
* `inputs`: which facts, members, years and fields an expression reads.
* `outline`: what a model says of facts and lists, collected once.
* `solving`: the nearest number on a grid that is accepted.
* `demands`: what is asked of a clause, without what is waived of it.
* `naming`: whether there is what a caller names; `given`: which counts of people stay as they are unasked.
* `pricing`: what a change costs.
* `planning`: all clauses of a record put right, one after the other or together.
* `leaning`: the changes that can be left out, left out.
* `goals`, `search`, `atoms`, `lists`, `trends`: the search itself, by kind of condition.
* `changes`: what was changed, in words.
"""
