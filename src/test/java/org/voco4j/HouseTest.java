package org.voco4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The house keeps its shape: which package may use which, who prints, who knows libtorch. */
class HouseTest {

    private static final String ROOT = "org.voco4j";

    private static final JavaClasses SOURCES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private static String[] packages(String names) {
        return Arrays.stream(names.split(" "))
                .map(name -> ROOT + "." + name + "..")
                .toArray(String[]::new);
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(SOURCES);
    }

    @ParameterizedTest
    @CsvSource({
        "file, ''",
        "engine, ''",
        "volume, ''",
        "augment, volume",
        "phantom, volume",
        "measure, volume",
        "corpus, volume",
        "report, volume",
        "network, engine",
        "recipe, network volume",
        "pretext, network augment measure volume engine",
        "downstream, network augment corpus volume engine",
        "run, recipe report augment network engine",
        "program, run pretext downstream recipe report corpus network augment phantom measure volume engine",
    })
    void arrowsPointDown(String from, String allowed) {
        String[] reachable = Stream.concat(
                        Stream.of(ROOT + "." + from + "..", ROOT + ".file.."),
                        Arrays.stream(allowed.isEmpty() ? new String[0] : packages(allowed)))
                .toArray(String[]::new);
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + "." + from + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(reachable)))));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
        check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
    }

    @Test
    void onlyTheEngineKnowsLibtorch() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco.."));
    }

    @Test
    void onlyTheAppTalksToTheTerminal() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".app..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .orShould()
                .callMethodWhere(target(name("printStackTrace")))
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("picocli.."));
    }

    @Test
    void loggingIsLeftToTheProgramAround() {
        check(noClasses().should().dependOnClassesThat().resideInAPackage("ch.qos.logback.."));
    }

    @Test
    void everyPackageIsNullMarked() {
        check(classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith(org.jspecify.annotations.NullMarked.class));
    }
}
