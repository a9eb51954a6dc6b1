package org.voco4j.program.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.volume.GridSize;
import org.voco4j.volume.Spacing;

class FinetunePlanTest {
    private static Fingerprint heights(double low, double high) {
        Fingerprint.Spread any = new Fingerprint.Spread(1, 1, 1);
        return new Fingerprint(
                5,
                5,
                List.of(any, any, any),
                List.of(any, any, any),
                List.of(any, any, new Fingerprint.Spread(low, (low + high) / 2, high)),
                any,
                true);
    }

    private static FinetuneRecipe.Data data(Fingerprint scans, int crop) {
        return RecipeTree.load("finetune", "tiny", FinetunePlan.grid(scans, crop))
                .bind(FinetuneRecipe.class)
                .data();
    }

    @Test
    void slicesKeepTheirDistanceWhereScansShowDifferentHeights() {
        FinetuneRecipe.Data alike = data(heights(300, 370), 16);
        assertThat(alike.size()).isEqualTo(new GridSize(64, 64, 16));
        assertThat(alike.spacing()).isNull();
        FinetuneRecipe.Data different = data(heights(100, 400), 16);
        assertThat(different.size()).isEqualTo(new GridSize(64, 64, null));
        assertThat(different.spacing()).isEqualTo(Spacing.isotropic(3));
        assertThat(data(heights(100, 400), 32).spacing()).isEqualTo(Spacing.isotropic(1.5));
    }
}
