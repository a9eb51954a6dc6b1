package embedding;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.voco4j.downstream.segment.Segmenter;
import org.voco4j.engine.tensor.Device;
import org.voco4j.program.finetune.Finetune;
import org.voco4j.program.finetune.FinetuneRecipe;
import org.voco4j.program.finetune.LabelledFiles;
import org.voco4j.program.finetune.LabelledScans;
import org.voco4j.program.phantom.WritePhantoms;
import org.voco4j.program.pretrain.Pretrain;
import org.voco4j.program.pretrain.PretrainRecipe;
import org.voco4j.program.pretrain.UnlabelledFiles;
import org.voco4j.program.pretrain.UnlabelledScans;
import org.voco4j.program.scans.PretrainedWeights;
import org.voco4j.program.weights.ConvertWeights;
import org.voco4j.recipe.RecipeTree;
import org.voco4j.run.Look;
import org.voco4j.run.Resources;
import org.voco4j.run.RunFolder;
import org.voco4j.run.RunLog;
import org.voco4j.volume.LabelMap;
import org.voco4j.volume.format.Formats;

/** The whole way inside a program of yours: pre-train, convert the weights, fine-tune from them, segment; two steps of each. */
public final class TrainAndSegment {
    /** What differs from the recipes, as after {@code --set}: a run of seconds, which learns nothing. */
    private static final List<String> SMALL = List.of("steps=2", "data.size=[32, 32, 16]", "model.channels=[4, 8]");

    private TrainAndSegment() {}

    /** Takes an empty folder to work in. */
    public static void main(String[] args) throws IOException, InterruptedException {
        LabelMap labels = run(Path.of(args[0]));
        System.out.println("Segmented: " + labels.shape() + " voxels");
    }

    /** Goes the whole way, on synthetic torsos. */
    public static LabelMap run(Path folder) throws IOException, InterruptedException {
        RunLog log = new Lines();
        Path scans = folder.resolve("scans");
        WritePhantoms.run(scans, 6, true, 0, log::say);

        RecipeTree pretraining = RecipeTree.load("pretrain", "tiny", SMALL);
        PretrainRecipe pretrainRecipe = pretraining.bind(PretrainRecipe.class);
        Path pretrained = folder.resolve("pretrained");
        try (RunFolder run = RunFolder.open(pretrained, pretraining, false)) {
            UnlabelledScans data = UnlabelledFiles.open(List.of(scans), null, pretrainRecipe, null, log);
            Pretrain.run(pretrainRecipe, data, null, Resources.of(Device.CPU), run, log, () -> false);
        }

        Path weights = folder.resolve("pretrained.pt"); // for torch.load
        ConvertWeights.run(new ConvertWeights.Task(pretrained, weights, "", "", false));

        RecipeTree tuning = RecipeTree.load("finetune", "tiny", SMALL);
        FinetuneRecipe finetuneRecipe = tuning.bind(FinetuneRecipe.class);
        PretrainedWeights begin = PretrainedWeights.read(weights);
        Path tuned = folder.resolve("tuned");
        try (RunFolder run = RunFolder.open(tuned, tuning, false)) {
            LabelledScans data = LabelledFiles.open(List.of(scans), null, finetuneRecipe, begin, null, log);
            Finetune.run(finetuneRecipe, data, begin, Device.CPU, run, log, () -> false);
        }

        try (Segmenter segmenter = Segmenter.load(tuned)) {
            return segmenter.segment(Formats.any().read(scans.resolve("torso_0001.nii.gz")));
        }
    }

    /** What runs say, on standard output. */
    private static final class Lines implements RunLog {
        @Override
        public void say(String sentence) {
            System.out.println(sentence);
        }

        @Override
        public void warn(String sentence) {
            System.out.println("warning: " + sentence);
        }

        @Override
        public void progress(int step, int steps, double loss, double cropsPerSecond, double secondsLeft) {
            System.out.println("step " + step + " of " + steps + ": loss " + loss);
        }

        @Override
        public void looked(Look look) {
            System.out.println(look.kind() + ": " + look.finding());
        }
    }
}
