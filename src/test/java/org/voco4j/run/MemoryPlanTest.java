package org.voco4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.engine.tensor.Device;
import org.voco4j.network.Chunked;
import org.voco4j.network.transformer.PatchMerging;
import org.voco4j.network.transformer.SwinUnetrEncoder;
import org.voco4j.network.transformer.SwinVersion;
import org.voco4j.pretext.voco.VoCoMethod;
import org.voco4j.pretext.voco.VoCoOptions;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.recipe.UsageException;

class MemoryPlanTest {
    private static final long MIB = 1L << 20;

    private static MemoryPlan plan(Hungry task, int views, @Nullable Integer fixed, long limit) {
        return MemoryPlan.of(
                task,
                views,
                fixed,
                new Resources(Device.CPU, limit == Long.MAX_VALUE ? limit : Math.round(limit / 0.8) + 1),
                () -> {},
                () -> task.peak);
    }

    @Test
    void allViewsGoThroughAtOnceWhereMemoryAllows() {
        Hungry task = new Hungry(true);
        assertThat(plan(task, 20, null, Long.MAX_VALUE).chunk()).isEqualTo(20);
        assertThat(task.trials).containsExactly(1, 20, 20);
        assertThat(task.chunk).as("nothing to tell").isZero();
    }

    @Test
    void chunksThatWouldLeaveLittleAreApproachedByDoubling() {
        Hungry task = new Hungry(true);
        assertThat(plan(task, 20, null, 2300 * MIB).chunk()).isEqualTo(20);
        assertThat(task.trials).containsExactly(1, 8, 16, 20, 20);
    }

    @ParameterizedTest
    @CsvSource({"400, 1", "500, 2", "699, 2", "700, 4", "1100, 8", "1900, 16", "2300, 20"})
    void theChunkIsTheLargestWhosePeakStaysBelowTheLimit(long limit, int chunk) {
        Hungry task = new Hungry(true);
        MemoryPlan plan = plan(task, 20, null, limit * MIB);
        assertThat(plan.chunk()).isEqualTo(chunk);
        assertThat(task.chunk).isEqualTo(chunk == 20 ? 0 : chunk);
        assertThat(plan.peakBytes()).isEqualTo((300 + 100L * chunk) * MIB).isLessThanOrEqualTo(limit * MIB);
        String words = plan.sentence(10);
        assertThat(words).contains("GiB of memory");
        assertThat(words.contains(chunk + " of 20 crops at once")).isEqualTo(chunk < 20);
    }

    @Test
    void aSingleViewThatIsTooMuchIsRefusedWithTheFigures() {
        assertThatThrownBy(() -> plan(new Hungry(true), 20, null, 200 * MIB))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("a single crop at a time takes 0.4 GiB already, --max-memory allows 0.2 GiB");
    }

    @Test
    void aFixedChunkIsTaken() {
        Hungry task = new Hungry(true);
        assertThat(plan(task, 20, 3, Long.MAX_VALUE).chunk()).isEqualTo(3);
        assertThat(task.trials).containsExactly(3, 3);
        assertThat(task.chunk).isEqualTo(3);
    }

    @Test
    void anEncoderThatTakesWholeBatchesGetsThem() {
        Hungry task = new Hungry(false);
        assertThat(plan(task, 6, null, Long.MAX_VALUE).chunk()).isEqualTo(6);
        assertThat(task.trials).containsExactly(6, 6);
    }

    @Test
    void aWholeBatchThatIsTooLargeIsRefused() {
        assertThatThrownBy(() -> plan(new Hungry(false), 20, null, 1024 * MIB))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("a step, which goes through as a whole, takes 2.2 GiB already")
                .hasMessageContaining("a smaller batch.volumes or network needs less");
    }

    /** The hours that a recipe names are those of its network's operations. */
    @ParameterizedTest
    @CsvSource({"voco-paper, 3", "voco-official, 4"})
    void recipesNameTheHoursOfTheirOperations(String name, int passes) {
        RecipeTree tree = RecipeTree.load("pretrain", name, List.of());
        PretrainRecipe recipe = tree.bind(PretrainRecipe.class);
        long crop = new SwinUnetrEncoder(3, 1, recipe.model().featureSize(), SwinVersion.V2, PatchMerging.Order.MERGING)
                .multiplyAdds(recipe.crop().size());
        VoCoOptions voco = recipe.pretext().of(new VoCoMethod()).options(recipe.setup(Device.CPU));
        int views = recipe.batch().volumes() * (voco.randomCrops() + voco.bases());
        String hours = GpuHours.sentence(2.0 * crop * views * passes * recipe.steps());
        assertThat(String.valueOf(tree.about().get("time"))).contains(hours);
    }

    /** Takes 300 MiB, and 100 more a view. */
    private static final class Hungry implements Chunked {
        final List<Integer> trials = new ArrayList<>();
        final boolean chunks;
        int chunk;
        long peak = 300 * MIB;

        Hungry(boolean chunks) {
            this.chunks = chunks;
        }

        @Override
        public void trial(int views, boolean whole) {
            trials.add(views);
            peak = Math.max(peak, (300 + 100L * views) * MIB);
        }

        @Override
        public boolean takesChunks() {
            return chunks;
        }

        @Override
        public void chunk(int views) {
            chunk = views;
        }
    }
}
