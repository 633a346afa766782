package paseo.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows of the module map, over every module that the command brings together. */
class ArchitectureTest {
    private static final List<String> SERVICES =
            List.of("paseo.frames", "paseo.inference", "paseo.tracking", "paseo.matching");

    private static JavaClasses paseo = new ClassFileImporter().importClasses();

    @BeforeAll
    static void importClasses() {
        paseo = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("paseo");
    }

    @Test
    void allModulesAreLookedAt() {
        assertThat(paseo.stream().map(JavaClass::getPackageName).collect(Collectors.toSet()))
                .containsAll(SERVICES)
                .contains("paseo.events", "paseo.events.v1", "paseo.operations", "paseo.embedded", "paseo.standalone");
    }

    @Test
    void servicesKnowOnlyTheEventsAndHowTheyAreRun() {
        for (String service : SERVICES) {
            List<String> others = new ArrayList<>(SERVICES);
            others.remove(service);
            others.add("paseo.embedded");
            others.add("paseo.standalone");
            noClasses()
                    .that()
                    .resideInAPackage(service + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others.toArray(String[]::new))
                    .check(paseo);
        }
    }

    @Test
    void eventsOperationsAndEmbeddedServersKnowNothingOfOurs() {
        for (String leaf : List.of("paseo.events", "paseo.operations", "paseo.embedded")) {
            noClasses()
                    .that()
                    .resideInAPackage(leaf + "..")
                    .should()
                    .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("paseo..")
                            .and(JavaClass.Predicates.resideOutsideOfPackage(leaf + "..")))
                    .check(paseo);
        }
    }

    @Test
    void generatedClassesStayBehindTheCodecs() {
        noClasses()
                .that()
                .resideOutsideOfPackage("paseo.events..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("paseo.events.v1..")
                .check(paseo);
    }

    @Test
    void whatTestsNeedIsNowhereElse() {
        noClasses()
                .that()
                .resideOutsideOfPackage("paseo.testing..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("paseo.testing..", "org.junit..", "org.assertj..")
                .check(paseo);
    }

    @Test
    void packagesFormNoCircles() {
        slices().matching("paseo.(*)..").should().beFreeOfCycles().check(paseo);
    }

    @Test
    void onlyTheEmbeddedModuleKnowsTheBroker() {
        noClasses()
                .that()
                .resideOutsideOfPackage("paseo.embedded")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("kafka..", "org.apache.kafka.server..", "org.apache.kafka.metadata..")
                .check(paseo);
    }

    @Test
    void onlyTheMatcherSpeaksSql() {
        noClasses()
                .that()
                .resideOutsideOfPackages("paseo.matching", "paseo.embedded")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.sql")
                .check(paseo);
    }
}
