-- What is not stored again because its time was over is no erasure: the topics keep what they hold by their own settings.
ALTER TABLE erased_sequence ADD COLUMN expired boolean NOT NULL DEFAULT false;
