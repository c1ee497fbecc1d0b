import Foundation
import OrreryFormats
import OrreryTestSupport
import Testing

/// orrery measure, as a user runs it.
@Suite(.enabled(if: OrreryProgram.isBuilt, OrreryProgram.absence), .tags(.process))
struct MeasureCommandTests {
  private static func study(optimizer: String?) -> String {
    """
    orrery: 1
    seed: 3
    network: { mlp: { depth: 2, width: 16, activation: tanh, outputs: 1 }, init: critical, parametrization: standard }
    data: { name: digits, classes: [0, 1], train: 40, test: 20, normalize: sphere, targets: plus-minus-one }

    """ + (optimizer.map { "optimizer: \($0)\n" } ?? "")
  }

  private static let adam =
    "{ adam: { learning-rate: 0.01, batch: full, steps: 20 }, loss: { mse: { reduction: mean, half: true } } }"

  @Test func measuresReportsAndExports() throws {
    try withTemporaryFolder { folder in
      let arguments = [
        "measure", "-", "--archive", "runs", "--json", "--report", "out", "--at", "0,10,20", "--eigenvalues", "3",
        "--probes", "3",
        "--density-steps", "8", "--kernel-samples", "12", "--observables",
        "loss,hessian-eigenvalues,hessian-density,tangent-kernel,preconditioned-sharpness,kernel-drift,weight-norms",
      ]
      let found = try OrreryProgram.success(arguments, input: Self.study(optimizer: Self.adam), in: folder).json
      let names = try found["series"].elements.map { try $0["observable"].string }
      #expect(
        ["loss", "preconditioned-sharpness", "kernel-drift", "kernel-turn", "weight-norm.W1"].allSatisfy(names.contains)
      )
      let loss = try #require(try found["series"].elements.first { try $0["observable"].string == "loss" })
      #expect(try loss["steps"].doubles == [0, 10, 20])
      let arrays = try found["arrays"].elements.map { try $0["observable"].string }
      #expect(Set(arrays) == ["hessian-eigenvalues", "hessian-density", "tangent-kernel"])
      let pages = try files(below: folder.appending(path: "out"))
      #expect(pages.contains("index.html") && pages.contains { $0.contains("hessian-density-20") })
      _ = try OrreryProgram.success(
        ["runs", "export", "latest", "--archive", "runs", "--format", "npz", "-o", "run.npz"], in: folder)
      let arraysFile = try Npz(folder.appending(path: "run.npz"))
      #expect(try arraysFile.read("tangent-kernel").shape == [3, 12, 12])
      #expect(try arraysFile.read("hessian-eigenvalues").shape == [3, 3])
      #expect(try arraysFile.read("hessian-density-nodes").shape == [3, 3, 8, 2])
      let again = try OrreryProgram.success(arguments, input: Self.study(optimizer: Self.adam), in: folder).json
      #expect(try again["isFromArchive"].bool)
    }
  }

  @Test func networksAsTheyAreDrawnNeedNoOptimizer() throws {
    try withTemporaryFolder { folder in
      let arguments = ["measure", "-", "--archive", "runs", "--json", "--networks", "3", "--observables"]
      let found = try OrreryProgram.success(
        arguments + ["tangent-kernel,jacobian-norms"], input: Self.study(optimizer: nil), in: folder
      ).json
      let trace = try #require(
        try found["series"].elements.first { try $0["observable"].string == "tangent-kernel-trace" })
      #expect(try trace["networks"].doubles == [3])
      let refused = try OrreryProgram.run(arguments + ["sharpness"], input: Self.study(optimizer: nil), in: folder)
      #expect(refused.status == 65 && refused.errors.contains("needs a loss"))
    }
  }

  @Test func whatIsNotToBeHadIsSaidBeforeWorkBegins() throws {
    let sgd = "{ gradient-descent: { learning-rate: 0.01, steps: 20 }, loss: logistic }"
    let refused = try OrreryProgram.run(
      ["measure", "-", "--observables", "preconditioned-sharpness"], input: Self.study(optimizer: sgd))
    #expect(refused.status == 65 && refused.errors.contains("does not scale parameters"))
    let misspelt = try OrreryProgram.run(["measure", "-", "--observables", "sharpnes"], input: "")
    #expect(misspelt.status == 64 && misspelt.errors.contains("Did you mean 'sharpness'?"))
    for (name, meant) in [("cka", "feature-similarity"), ("NTK", "tangent-kernel"), ("apjn", "jacobian-norms")] {
      let known = try OrreryProgram.run(["measure", "-", "--observables", name], input: "")
      #expect(known.status == 64 && known.errors.contains("Did you mean '\(meant)'?"), "\(known.errors)")
    }
    #expect(try OrreryProgram.run(["measure", "-"], input: "").status == 64)
    let few = try OrreryProgram.run(["measure", "-", "--observables", "loss", "--kernel-samples", "0"], input: "")
    #expect(few.status == 64 && few.errors.contains("--kernel-samples must be from 2"), "\(few.errors)")
    let late = try OrreryProgram.run(
      ["measure", "-", "--observables", "loss", "--at", "0,21"], input: Self.study(optimizer: Self.adam))
    #expect(late.status == 65 && late.errors.contains("Step 21") && late.errors.contains("step 20"), "\(late.errors)")
    let listed = try OrreryProgram.success(["measure", "--list"]).output
    #expect(listed.contains("hessian-density") && listed.contains("Source: "))
    #expect(try OrreryProgram.success(["measure", "--list", "--json"]).json.elements.count > 20)
  }

  @Test func gradientFlowIsFollowed() throws {
    try withTemporaryFolder { folder in
      let flow = "{ gradient-flow: { time: 5 }, loss: { mse: { reduction: mean, half: true } } }"
      let found = try OrreryProgram.success(
        ["train", "-", "--archive", "runs", "--json"], input: Self.study(optimizer: flow), in: folder
      ).json
      let series = try found["series"].elements
      let loss = try #require(try series.first { try $0["observable"].string == "loss" })["median"].doubles
      #expect(loss.count == 101 && zip(loss, loss.dropFirst()).allSatisfy { $0 > $1 })
      let times = try #require(try series.first { try $0["observable"].string == "flow-time" })["median"].doubles
      #expect(abs(times.last! - 5) < 1e-12)
    }
  }
}
