package org.voco4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.voco4j.program.pretrain.PretrainFixture;
import org.voco4j.recipe.RecipeTree;

class CheckpointPairTest {
    private final PretrainFixture.Ears ears = new PretrainFixture.Ears();
    private RunFolder run;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        run = RunFolder.open(folder, RecipeTree.load("pretrain", null, List.of()), false);
    }

    @AfterEach
    void close() throws IOException {
        run.close();
    }

    private CheckpointPair pair() {
        return new CheckpointPair(run, ears);
    }

    private static void save(CheckpointPair pair, String state) throws IOException {
        pair.save(out -> out.write(state.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static Optional<String> load(CheckpointPair pair) throws IOException {
        return pair.load(file -> {
            String state = Files.readString(file);
            if (state.startsWith("damaged")) {
                throw new IOException(file + " is damaged");
            }
            return state;
        });
    }

    private Path latest() {
        return run.file(CheckpointPair.LATEST);
    }

    private Path previous() {
        return run.file(CheckpointPair.PREVIOUS);
    }

    @Test
    void theLastTwoAreKept() throws IOException {
        assertThat(load(pair())).isEmpty();
        CheckpointPair pair = pair();
        save(pair, "1");
        assertThat(load(pair())).contains("1");
        save(pair, "2");
        save(pair, "3");
        assertThat(latest()).hasContent("3");
        assertThat(previous()).hasContent("2");
        CheckpointPair resumed = pair();
        assertThat(load(resumed)).contains("3");
        save(resumed, "4");
        assertThat(previous()).hasContent("3");
        assertThat(ears.warnings).isEmpty();
    }

    @Test
    void aDamagedLatestNeverTakesThePlaceOfTheGoodOne() throws IOException {
        Files.writeString(latest(), "damaged");
        Files.writeString(previous(), "2");
        CheckpointPair pair = pair();
        assertThat(load(pair)).contains("2");
        assertThat(ears.warnings)
                .containsExactly(latest() + " is damaged. Continuing from checkpoint_previous.safetensors,"
                        + " the state before.");
        assertThatThrownBy(() -> pair.save(out -> {
                    throw new IOException("full");
                }))
                .hasMessage("full");
        assertThat(load(pair())).as("after a save that failed").contains("2");
        save(pair, "3");
        assertThat(previous()).hasContent("2");
        save(pair, "4");
        assertThat(previous()).hasContent("3");
    }

    @Test
    void killedBetweenTheRenamesItGoesOnFromThePrevious() throws IOException {
        Files.writeString(previous(), "2");
        CheckpointPair pair = pair();
        assertThat(load(pair)).contains("2");
        assertThat(ears.warnings)
                .singleElement()
                .asString()
                .contains("checkpoint_latest.safetensors is not there. Continuing from");
        save(pair, "3");
        assertThat(previous()).hasContent("2");
    }

    @Test
    void aCheckpointOfARunThatWasHereBeforeIsNotKept() throws IOException {
        Files.writeString(latest(), "of another run");
        CheckpointPair pair = pair();
        save(pair, "1");
        assertThat(latest()).hasContent("1");
        assertThat(previous()).doesNotExist();
    }

    @Test
    void withoutAGoodOneItRefusesAndNamesBoth() throws IOException {
        Files.writeString(latest(), "damaged");
        assertThatThrownBy(() -> load(pair()))
                .hasMessageContaining("neither checkpoint")
                .hasMessageContainingAll(
                        "checkpoint_latest.safetensors is damaged", "checkpoint_previous.safetensors is not there");
        Files.writeString(previous(), "damaged too");
        assertThatThrownBy(() -> load(pair())).hasMessageContaining("checkpoint_previous.safetensors is damaged");
        assertThat(latest()).hasContent("damaged");
        assertThat(previous()).hasContent("damaged too");
    }
}
