package org.voco4j.program.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.voco4j.corpus.prepare.InversePreprocessing;
import org.voco4j.volume.Affine;
import org.voco4j.volume.Box;
import org.voco4j.volume.Resample.Grid;
import org.voco4j.volume.Shape3;
import tools.jackson.databind.json.JsonMapper;

class InversePreprocessingJsonTest {
    private static final InversePreprocessing BACK = new InversePreprocessing(
            new Grid(new Shape3(512, 511, 49), Affine.ofRows(-1.0 / 3, 1e-9, 0, 250.1, 0, 0.1, 0, 7, 0, 0, 4, -1e300)),
            new Grid(new Shape3(40, 30, 20), Affine.identity()),
            new Box(1, 0, 3, 40, 30, 19),
            new Grid(new Shape3(384, 384, 64), Affine.translation(0.1 + 0.2, 2, 3)));

    @Test
    void whatIsReadIsWhatWasWrittenToTheLastBit() {
        String text = JsonMapper.shared().writeValueAsString(InversePreprocessingJson.of(BACK));
        assertThat(InversePreprocessingJson.read(JsonMapper.shared().readTree(text)))
                .isEqualTo(BACK);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[512,511,49]|[512,511]|three whole numbers",
                "[512,511,49]|[512,511,0]|at least 1 voxel",
                "[40,30,19]|[41,30,19]|leaves the 40x30x20 voxels",
                "[40,30,19]|[1,30,19]|empty box",
                "[0.0,0.0,4.0,|[0.0,0.0,null,|rows of four numbers",
                "\"box\"|\"bax\"|three whole numbers"
            })
    void somethingElseIsRefused(String part, String instead, String reason) {
        String text = JsonMapper.shared().writeValueAsString(InversePreprocessingJson.of(BACK));
        assertThat(text).contains(part);
        assertThatThrownBy(
                        () -> InversePreprocessingJson.read(JsonMapper.shared().readTree(text.replace(part, instead))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
