package org.voco4j.program.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.pretext.PretextMethod;
import org.voco4j.pretext.catalogue.Methods;
import org.voco4j.pretext.voco.Variant;
import org.voco4j.pretext.voco.VoCoSettings;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;

/** The shipped studies say what they are, and every arm of them can be put together. */
class StudyRecipesTest {

    static List<String> shipped() {
        return RecipeTree.shipped(StudyRecipe.KIND);
    }

    @Test
    void theTablesOfThePaperAreThere() {
        assertThat(shipped())
                .contains(
                        "label-efficiency-torso",
                        "table1-methods-torso",
                        "table6-torso",
                        "table7-torso",
                        "table10-torso",
                        "variants-torso",
                        "encoders-torso",
                        "transfer-levels-torso",
                        "export-torso",
                        "steps-torso",
                        "grid-torso");
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyArmBinds(String name) {
        RecipeTree tree = RecipeTree.load(StudyRecipe.KIND, name, List.of());
        assertThat(tree.about().keySet())
                .containsSubsequence("name", "command", "hardware", "time", "memory", "score", "source");
        assertThat(tree.about()).containsEntry("name", name);
        StudyRecipe recipe = tree.bind(StudyRecipe.class);
        assertThat(recipe.seeds()).isGreaterThanOrEqualTo(5);
        List<StudyArm> arms = recipe.all();
        StudyScans.requireWhole(arms);
        Set<String> scratch = arms.stream()
                .filter(arm -> !arm.isPretrained())
                .map(StudyArm::name)
                .collect(Collectors.toSet());
        for (StudyArm arm : arms) {
            PretrainRecipe pretraining = arm.pretrainRecipe();
            if (pretraining != null) {
                assertThat(arm.against()).as(arm.name()).containsAnyElementsOf(scratch);
                assertThat(arm.recipe().model()).as(arm.name()).isEqualTo(pretraining.model());
                pretraining
                        .pretext()
                        .chosen()
                        .task(pretraining.setup(Device.CPU))
                        .state()
                        .values()
                        .forEach(Tensor::close);
            }
            for (String other : arm.against()) { // a gain is between the same networks
                assertThat(arms.stream()
                                .filter(one -> one.name().equals(other))
                                .map(one -> one.recipe().model()))
                        .containsExactly(arm.recipe().model());
            }
        }
    }

    @Test
    void everyMethodAndVariantIsCompared() {
        StudyRecipe recipe = RecipeTree.load(StudyRecipe.KIND, "table1-methods-torso", List.of())
                .bind(StudyRecipe.class);
        List<PretrainRecipe.Pretext> compared = recipe.all().stream()
                .map(StudyArm::pretrainRecipe)
                .filter(Objects::nonNull)
                .map(PretrainRecipe::pretext)
                .toList();
        assertThat(compared.stream().map(PretrainRecipe.Pretext::task).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        Methods.all().stream().map(PretextMethod::name).toList());
        assertThat(compared.stream()
                        .map(PretrainRecipe.Pretext::settings)
                        .filter(VoCoSettings.class::isInstance)
                        .map(settings -> ((VoCoSettings) settings).variant()))
                .containsExactlyInAnyOrder(Variant.values());
    }
}
