package org.voco4j.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.corpus.LabelledVolume;

class TorsoScansTest {

    @Test
    void theLabelledTorsosAreThoseOfPretraining() throws IOException, InterruptedException {
        PretrainRecipe recipe = RecipeTree.load("pretrain", "tiny", List.of("data.size=[48, 48, 32]"))
                .bind(PretrainRecipe.class);
        TrainingScans plain = TorsoScans.of(recipe, 2, 1, 5);
        LabelledScans labelled = TorsoScans.labelled(recipe.data().preprocessing(), 2, 1, 5);
        assertThat(labelled.training()).isEqualTo(plain.training());
        for (String name : plain.training()) {
            LabelledVolume scan = labelled.source().scan(name);
            assertThat(scan.image().voxels())
                    .isEqualTo(plain.source().volume(name).voxels());
        }
        assertThat(labelled.source().scan("unseen-0").image().voxels())
                .isEqualTo(plain.heldOut().get(0).volume().get().voxels());
        assertThat(labelled.classes()).hasSize(10).startsWith("right_lung").endsWith("spine");
        LabelledScans fewer = labelled.trainedOn(List.of("torso-1"));
        assertThat(fewer.training()).containsExactly("torso-1");
        assertThat(fewer.heldOut()).isEqualTo(labelled.heldOut());
        assertThat(fewer.digest()).isNotEqualTo(labelled.digest());
    }
}
