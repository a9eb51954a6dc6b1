package org.voco4j.engine.vector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenGroupsTest {
    @Test
    void windowsThatFallIntoTheSameGroupsAreAlike() {
        int[] regions = {1, 1, 2, 2, 5, 5, 5, 5, 9, 9, 0, 0, 4, 7, 4, 7};
        TokenGroups groups = TokenGroups.of(regions, IntStream.range(0, 16).toArray(), 4);
        assertThat(groups.windows()).isEqualTo(4);
        assertThat(groups.patterns()).hasSize(3);
        assertThat(groups.patterns().get(0).windows()).containsExactly(0, 2);
        assertThat(groups.patterns().get(0).groups()).isDeepEqualTo(new int[][] {{0, 1}, {2, 3}});
        assertThat(groups.patterns().get(1).windows()).containsExactly(1);
        assertThat(groups.patterns().get(1).groups()).isDeepEqualTo(new int[][] {{0, 1, 2, 3}});
        assertThat(groups.patterns().get(2).groups()).isDeepEqualTo(new int[][] {{0, 2}, {1, 3}});
    }

    @Test
    void partsOfWindowsAreRefused() {
        assertThatThrownBy(() -> TokenGroups.of(new int[10], new int[10], 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10");
    }

    @Test
    void aTokenOfTheMapHasOnePlace() {
        TokenGroups groups = TokenGroups.of(new int[6], new int[] {2, -1, 0, -1, 1, 3}, 3);
        assertThat(groups.places()).isEqualTo(4);
        assertThat(groups.place(1, 2)).isEqualTo(3);
        assertThat(groups.place(0, 1)).isNegative();
        assertThatThrownBy(() -> TokenGroups.of(new int[4], new int[] {0, 1, 1, 2}, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("place 2");
        assertThatThrownBy(() -> TokenGroups.of(new int[4], new int[] {0, -1, 3, 1}, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("place 2");
    }
}
