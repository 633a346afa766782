-- Whoever is forgotten is forgotten here, too, on either side of a pair and without reading all pairs. The key begins with the pack.
CREATE INDEX seen_together_one ON seen_together (one);
CREATE INDEX seen_together_other ON seen_together (other);
