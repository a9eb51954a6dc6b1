package org.voco4j.program.predict;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.voco4j.phantom.Organ;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.SegmentNames.Terms;

class SegmentTermsTest {
    @ParameterizedTest
    @CsvSource({
        "kidney_right, Anatomical Structure, 64033007, Right",
        "Left kidney, Anatomical Structure, 64033007, Left",
        "kidneys, Anatomical Structure, 64033007, ",
        "rkid, Anatomical Structure, 64033007, Right",
        "left_ventricle, Anatomical Structure, 87878005, ", // a side of its own, not the left of two
        "Portal vein and splenic vein, Anatomical Structure, 32764006, ",
        "Anterior hippocampus, Anatomical Structure, 5366008, Anterior",
        "enhancing_tumour, Morphologically Abnormal Structure, C113842, ",
        "non_enhancing_tumour, Morphologically Abnormal Structure, C81175, ",
        "tumour, Morphologically Abnormal Structure, 108369006, ",
        "left, Tissue, 85756007, ",
        "something else, Tissue, 85756007, ",
    })
    void classesAreFoundByTheirWords(String name, String category, String code, String modifier) {
        Terms terms = SegmentTerms.of(name);
        assertThat(terms.category().meaning()).isEqualTo(category);
        assertThat(terms.type().code()).isEqualTo(code);
        assertThat(terms.modifier() == null ? null : terms.modifier().meaning()).isEqualTo(modifier);
    }

    /** All but the hippocampus's halves, whose names say no more than that they are. */
    @ParameterizedTest
    @CsvSource({
        "btcv",
        "flare23",
        "amos22",
        "lits",
        "mmwhs",
        "mmwhs-official",
        "brats21",
        "brats-msd",
        "msd01-braintumour",
        "msd02-heart",
        "msd03-liver",
        "msd05-prostate",
        "msd06-lung",
        "msd07-pancreas",
        "msd08-hepaticvessel",
        "msd09-spleen",
        "msd10-colon",
        "one-scan",
    })
    void classesOfThePapersDataHaveTerms(String name) {
        FinetuneRecipe recipe = RecipeTree.load("finetune", name, List.of()).bind(FinetuneRecipe.class);
        List<String> classes = new ArrayList<>(recipe.labels().keySet());
        if (recipe.overlapping() != null) {
            classes.addAll(recipe.overlapping().names());
        }
        assertThat(classes)
                .isNotEmpty()
                .allSatisfy(each ->
                        assertThat(SegmentTerms.of(each).type().code()).as(each).isNotEqualTo("85756007"));
    }

    @ParameterizedTest
    @EnumSource
    void organsOfTorsosHaveTerms(Organ organ) {
        assertThat(SegmentTerms.of(organ.name()).category().code()).isEqualTo("91723000");
    }

    @ParameterizedTest
    @EnumSource
    void classesOfChallengesHaveTerms(ChallengeLayout layout) {
        assertThat(layout.classes().values())
                .allSatisfy(each ->
                        assertThat(SegmentTerms.of(each).type().code()).as(each).isNotEqualTo("85756007"));
    }
}
