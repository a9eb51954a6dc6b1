package org.voco4j.program.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.corpus.prepare.Preprocessing;
import org.voco4j.corpus.prepare.Quantised;
import org.voco4j.phantom.Torso;
import org.voco4j.pretext.HeldOutScan;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.Volume;

class TorsoScansTest {

    @Test
    void theLabelledTorsosAreThoseOfPretraining() throws IOException, InterruptedException {
        Preprocessing preprocessing = RecipeTree.load("pretrain", "tiny", List.of("data.size=[48, 48, 32]"))
                .bind(PretrainRecipe.class)
                .data()
                .preprocessing();
        TorsoScans torsos = TorsoScans.make(preprocessing, 2, 2, 5);
        UnlabelledScans plain = torsos.images(1);
        LabelledScans labelled = torsos.labelled();
        assertThat(plain.training()).isEqualTo(labelled.training()).containsExactly("torso-0", "torso-1");
        assertThat(plain.heldOut()).extracting(HeldOutScan::name).containsExactly("unseen-0");
        assertThat(labelled.heldOut()).containsExactly("unseen-0", "unseen-1");
        for (String name : plain.training()) {
            Volume alone =
                    Quantised.of(preprocessing.apply(torso(name).image())).toVolume();
            assertThat(plain.source().volume(name).voxels())
                    .isEqualTo(alone.voxels())
                    .isEqualTo(labelled.source().scan(name).image().single().voxels());
        }
        assertThat(labelled.source().scan("unseen-0").image().single().voxels())
                .isEqualTo(plain.heldOut().get(0).volume().get().voxels());
        assertThat(torsos.organsOfHeldOut().get(1))
                .isEqualTo(labelled.source().scan("unseen-1").labels());
        assertThat(labelled.classes()).hasSize(10).startsWith("right_lung").endsWith("spine");
        LabelledScans fewer = labelled.trainedOn(List.of("torso-1"));
        assertThat(fewer.training()).containsExactly("torso-1");
        assertThat(fewer.heldOut()).isEqualTo(labelled.heldOut());
        assertThat(fewer.digest()).isNotEqualTo(labelled.digest());
        TorsoScans parts = TorsoScans.make(preprocessing, 1, 1, 5, 0.3);
        assertThat(parts.labelled().source().truth("torso-0").classes())
                .isEqualTo(LabelMap.of(Torso.generate(50_000_000, 0.3).labels()).classes());
        assertThat(parts.images(1).digest())
                .isNotEqualTo(TorsoScans.make(preprocessing, 1, 1, 5).images(1).digest());
    }

    private static Torso torso(String name) {
        return Torso.generate(50_000_000 + Long.parseLong(name.substring("torso-".length())));
    }
}
