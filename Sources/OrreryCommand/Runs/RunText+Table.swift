import Foundation
import OrreryArchive
import OrreryNetworks
import OrreryReports

extension RunText {
  /// Runs with what tells them apart. A column that would be empty is left out.
  static func table(_ runs: [ArchivedRun]) -> Table {
    let training = runs.map { Training($0) }
    let columns: [(column: Table.Column, texts: [String])] = [
      (.init("run"), runs.map(\.shortHash)), (.init("kind"), runs.map(\.identity.kind)),
      (.init("state"), runs.map(\.state.rawValue)), (.init("created"), runs.map { time($0.created) }),
      (.init("subject"), runs.map(\.identity.subject)),
      (.init("networks", .right), runs.map { $0.identity.settings["networks"] ?? "" }),
      (.init("steps", .right), training.map(\.steps)), (.init("learning rate", .right), training.map(\.learningRate)),
      (.init("momentum", .right), training.map(\.momentum)),
      (.init("seed", .right), runs.map { String($0.identity.seed) }), (.init("at"), runs.map(\.identity.label)),
    ].filter { !$0.texts.allSatisfy(\.isEmpty) }
    var table = Table(columns: columns.map(\.column))
    table.rows = runs.indices.map { place in
      Table.Row(columns.map { $0.texts[place].isEmpty ? .none : .text(InlineText(verbatim: $0.texts[place])) })
    }
    return table
  }

  /// How a run's networks were trained, as far as its study says; empty texts where it does not.
  private struct Training {
    var (steps, learningRate, momentum) = ("", "", "")

    /// The one part of a stored study that is read here.
    private struct Part: Decodable {
      var optimizer: Optimizer?
    }

    init(_ run: ArchivedRun) {
      let study = try? JSONDecoder().decode(Part.self, from: Data(run.identity.study.utf8))
      guard let optimizer = study?.optimizer else { return }
      if case .gradientFlow(let flow) = optimizer.method {
        steps = "time \(NumberText.text(flow.endTime, digits: 4))"
        return
      }
      steps = String(optimizer.steps)
      guard optimizer.steps > 0 else { return }
      learningRate = optimizer.learningRate.value.map { NumberText.text($0, digits: 4) } ?? "auto"
      switch optimizer.method {
      case .gradientDescent(let own), .sgd(let own):
        switch own {
        case .none: break
        case .heavyBall(let coefficient): momentum = NumberText.text(coefficient, digits: 4)
        default: momentum = "\(own.key ?? "") \(NumberText.text(own.coefficient, digits: 4))"
        }
      default: break
      }
    }
  }
}
