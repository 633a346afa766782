/**
 * Scores of a run against truth, as pure functions of records: following people
 * ({@link paseo.evaluation.scoring.TrackingCounts}), knowing them again
 * ({@link paseo.evaluation.scoring.Identification}, {@link paseo.evaluation.scoring.OpenSet}), sorting their sequences
 * ({@link paseo.evaluation.scoring.Grouping}); how sure a score is ({@link paseo.evaluation.scoring.Bootstrap}) and
 * what is done with it ({@link paseo.evaluation.scoring.Scores}, {@link paseo.evaluation.scoring.Gate}).
 */
@NullMarked
package paseo.evaluation.scoring;

import org.jspecify.annotations.NullMarked;
