package org.voco4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The house keeps its shape: which package may use which, who prints, who knows libtorch. */
class HouseTest {

    private static final String ROOT = "org.voco4j";

    /** Package → those it may use, beside {@code file}. */
    private static final Map<String, List<String>> ARROWS = new TreeMap<>(Map.ofEntries(
            Map.entry("file", List.of()),
            Map.entry("engine", List.of()),
            Map.entry("volume", List.of()),
            Map.entry("augment", List.of("volume")),
            Map.entry("phantom", List.of("volume")),
            Map.entry("measure", List.of("volume")),
            Map.entry("corpus", List.of("volume")),
            Map.entry("report", List.of("volume")),
            Map.entry("network", List.of("engine")),
            Map.entry("recipe", List.of("volume")),
            Map.entry("pretext", List.of("network", "augment", "measure", "volume", "engine")),
            Map.entry("downstream", List.of("network", "augment", "corpus", "volume", "engine")),
            Map.entry("run", List.of("recipe", "report", "augment", "network", "engine")),
            Map.entry(
                    "program",
                    List.of(
                            "run",
                            "pretext",
                            "downstream",
                            "recipe",
                            "report",
                            "corpus",
                            "network",
                            "augment",
                            "phantom",
                            "measure",
                            "volume",
                            "engine"))));

    private static final JavaClasses SOURCES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    private static final JavaClasses SOURCES_AND_TESTS = new ClassFileImporter().importPackages(ROOT);

    static Stream<Arguments> floors() {
        return ARROWS.entrySet().stream().map(arrow -> Arguments.of(arrow.getKey(), arrow.getValue()));
    }

    static Stream<Arguments> arrows() {
        return ARROWS.entrySet().stream()
                .flatMap(arrow -> arrow.getValue().stream().map(to -> Arguments.of(arrow.getKey(), to)));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(SOURCES);
    }

    @ParameterizedTest
    @MethodSource("floors")
    void arrowsPointDown(String from, List<String> allowed) {
        String[] reachable = Stream.concat(
                        Stream.of(ROOT + "." + from + "..", ROOT + ".file.."),
                        allowed.stream().map(name -> ROOT + "." + name + ".."))
                .toArray(String[]::new);
        check(noClasses()
                .that()
                .resideInAPackage(ROOT + "." + from + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(reachable)))));
    }

    /** What the rows above allow, and nothing uses, would be an arrow that is not there. */
    @ParameterizedTest
    @MethodSource("arrows")
    void everyArrowIsUsed(String from, String to) {
        assertThat(SOURCES.that(resideInAPackage(ROOT + "." + from + "..")).stream()
                        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                        .map(dependency -> dependency.getTargetClass().getPackageName()))
                .anyMatch(name -> (name + ".").startsWith(ROOT + "." + to + "."));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
        check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
    }

    /** Methods do not know each other; who knows one by name has no other's use. */
    @Test
    void methodsAreNamedByTheCatalogue() throws IOException {
        String pretext = ROOT + ".pretext.";
        List<String> methods;
        try (Stream<Path> folders = Files.list(Path.of("src/main/java/org/voco4j/pretext"))) {
            methods = folders.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> !List.of("catalogue", "gate", "part").contains(name))
                    .toList();
        }
        assertThat(methods).contains("voco", "rotation");
        for (String method : methods) {
            List<String> allowed = new ArrayList<>(List.of(pretext + method, pretext + "catalogue"));
            if (method.equals(
                    "voco")) { // the gate asks its question of all; Fig. 4, its checkpoints and its benchmark are its
                // own
                allowed.addAll(List.of(
                        pretext + "gate",
                        ROOT + ".program.locate",
                        ROOT + ".program.weights",
                        ROOT + ".program.benchmark"));
            }
            check(noClasses()
                    .that()
                    .resideOutsideOfPackages(allowed.toArray(String[]::new))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(pretext + method));
        }
    }

    @Test
    void noFolderIsOverfull() throws IOException {
        Map<Path, Long> files;
        try (Stream<Path> all = Files.walk(Path.of("src/main/java"))) {
            files = all.filter(Files::isRegularFile)
                    .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
        }
        assertThat(files)
                .allSatisfy((folder, count) -> assertThat(count)
                        .as("files in %s", folder)
                        .isLessThanOrEqualTo(
                                folder.getParent().toString().matches(".*/(program|corpus|network)") ? 20 : 40));
    }

    @Test
    void onlyTheEngineAndItsTestsKnowLibtorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".engine..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(SOURCES_AND_TESTS);
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
