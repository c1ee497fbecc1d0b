import OrreryExperiment
import OrreryNetworks

/// How much of a training a pilot takes.
public struct PilotRequest: Hashable, Codable, Sendable {
  /// Networks for each initialization and rate.
  public var networks: Int
  /// At most so many steps, of those that the study asks for.
  public var steps: Int
  /// The learning rates, over the study's own.
  public var factors: [Double]

  public init(networks: Int = 2, steps: Int = 300, factors: [Double] = [0.1, 1, 10]) {
    self.networks = networks
    self.steps = steps
    self.factors = factors
  }
}

/// A handful of initializations and learning rates, trained for some hundred steps and set beside their forecast.
///
/// The initializations are those that the forecast compares: the study's own, PyTorch's default, He's, the critical one.
/// Whatever theory says of them is fixed before a network is drawn.
public struct Pilot: Inquiry {
  /// One initialization at one learning rate.
  public struct Point: Sendable {
    let initialization: String
    let factor: Double
    let study: TrainingStudy
  }

  public let request: PilotRequest
  /// Every initialization at every rate.
  public let setup: [Point]
  private let forecast: Forecast
  /// The training loss of the best constant output.
  let constantLoss: Double

  /// - Throws: `StudyError` for studies without optimizer or targets; what resolving and checking throw.
  public init(_ loaded: LoadedStudy, _ request: PilotRequest = PilotRequest()) throws {
    guard var optimizer = loaded.study.optimizer else {
      throw StudyError.missing(
        "optimizer",
        example: "optimizer: { adam: { learning-rate: 0.001, batch: 128, steps: 500 }, loss: cross-entropy }")
    }
    guard let targets = loaded.data.train.targets else { throw StudyError.noTargets }
    self.request = request
    optimizer.steps = min(optimizer.steps, request.steps)
    // Of as many steps as are taken: what steps add up to is part of it.
    forecast = try loaded.forecast(with: optimizer)
    constantLoss = optimizer.loss.ofBestConstant(targets: targets)
    let perceptron = try loaded.perceptronStudy().network
    let inputs = loaded.data.train.inputs
    setup = try forecast.initializations.flatMap { column in
      var network = perceptron
      network.layers = column.layers
      let rate = try LearningRateResolution.resolved(optimizer, network: network, inputs: inputs)
      return try request.factors.map { factor in
        var own = optimizer
        own.learningRate = .value(rate * factor)
        let point = try loaded.changed(
          to: network, initializationName: column.name, optimizer: own,
          label: "\(column.name), \(factor) × the learning rate")
        let observables: [TrainingObservable] =
          loaded.data.test.count == 0
          ? [.loss] : loaded.data.classes.isEmpty ? [.loss, .testLoss] : [.loss, .testLoss, .testAccuracy]
        return Point(
          initialization: column.name, factor: factor,
          study: try TrainingStudy(
            point,
            TrainingRequest(
              networks: request.networks, observables: observables,
              steps: .every(max(1, own.steps / 20)))))
      }
    }
  }

  public func forecast(_ sitting: Sitting) -> Forecast? { forecast }

  /// Trains what the archive does not have yet.
  ///
  /// - Throws: as ``TrainingStudy/run(_:startingOver:savingInterval:progress:isCancelled:)``; ``StudyError`` without an archive.
  public static func measure(_ setup: [Point], _ sitting: Sitting) throws -> [PilotFinding.Point] {
    try setup.enumerated().map { index, point in
      var own = sitting
      own.activity = "[\(index + 1)/\(setup.count)] \(point.study.loaded.label)"
      return PilotFinding.Point(
        initialization: point.initialization, factor: point.factor, finding: try point.study.run(own))
    }
  }

  public func finding(_ forecast: Forecast?, _ evidence: [PilotFinding.Point]) -> PilotFinding {
    PilotFinding(forecast: self.forecast, request: request, constantLoss: constantLoss, points: evidence)
  }
}
