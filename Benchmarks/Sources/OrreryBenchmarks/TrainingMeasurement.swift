import Foundation
import OrreryExperiment
import OrreryFindings
import OrreryNetworks
import OrreryTensors

/// Seconds of one step of training, for all networks of a case: what more steps take longer, so that drawing, compiling and
/// the two observations at the ends do not count.
enum TrainingMeasurement {
  static func run(_ trainingCase: TrainingCase) throws {
    let generator = (0..<(trainingCase.batch * TrainingCase.inputs)).map { sin(Double($0 * $0 % 7919)) }
    let inputs = Matrix(rows: trainingCase.batch, columns: TrainingCase.inputs, elements: generator)
    // Targets that are not met within the run: gradients that vanish would end in slow denormal numbers.
    let signs = (0..<(trainingCase.batch * TrainingCase.outputs)).map { sin(Double($0 * $0 % 6007)) }
    let targets = Matrix(rows: trainingCase.batch, columns: TrainingCase.outputs, elements: signs)
    let data = TrainingData(train: try .init(inputs: inputs, targets: targets))
    func seconds(_ steps: Int) throws -> (wall: Double, processor: Double) {
      let optimizer = Optimizer(
        .gradientDescent(), learningRate: .value(0.01), steps: steps,
        loss: .meanSquaredError(reduction: .mean, half: true))
      let experiment = try TrainingExperiment(trainingCase.network, data: data, optimizer: optimizer)
      var options = TrainingExperiment.Options()
      options.observables = []
      options.steps = .every(steps)
      var wall = 0.0
      let processor = try Timing.processor {
        wall = try Timing.once {
          _ = try experiment.run(
            members: 0..<trainingCase.networks, seed: 1, options: options, recorder: MemoryRecorder())
        }
      }
      return (wall, processor)
    }
    // About a third of a second at 50 GFLOP/s.
    let steps = max(4, Int(1.5e10 / trainingCase.operations))
    _ = try seconds(steps)
    var (walls, processors): ([Double], [Double]) = ([], [])
    for _ in 0..<7 {
      let (short, long) = (try seconds(steps), try seconds(3 * steps))
      walls.append((long.wall - short.wall) / Double(2 * steps))
      processors.append((long.processor - short.processor) / Double(2 * steps))
    }
    Record(
      who: "orrery", name: trainingCase.name, threads: Parallel.threads, values: walls, processor: processors
    ).write()
  }
}
