package paseo.testing;

import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/** Lists at the end of a test run which assets were missing, so that a skipped test is seen. */
public final class MissingAssetsReport implements TestExecutionListener {
    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (!Assets.missing().isEmpty()) {
            System.out.println("Tests that need these were not run: " + String.join(", ", Assets.missing()));
        }
    }
}
