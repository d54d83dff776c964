// SPDX-License-Identifier: BSD-3-Clause
// ceres_bench.cc -- one run of Ceres on one g2o file, with cost functions as its users write them: templated residuals,
// automatic differentiation, one parameter block for each pose, the first pose constant. Residual: the g2o definition,
// (t, q_xyz) or (t, angle) of z^-1 a^-1 b, whitened by the Cholesky factor of the information. Prints one JSON object.
//
//     ceres_bench FILE [--backend suitesparse|eigen|cxsparse] [--strategy lm|dogleg] [--radius R]
//                 [--threads N] [--iterations N] [--write OUT]
#include <ceres/ceres.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace
{

template <int N> using Matrix = Eigen::Matrix<double, N, N, Eigen::RowMajor>;

template <typename T> T WrapAngle(const T &angle)
{
    using std::floor;
    return angle - T(2.0 * M_PI) * floor((angle + T(M_PI)) / T(2.0 * M_PI));
}

// Poses are (x, y, angle).
struct BetweenSE2 {
    static constexpr int kAmbient = 3, kRows = 3;
    Eigen::Vector3d z;
    Matrix<3> sqrt_information;

    template <typename T> bool operator()(const T *a, const T *b, T *residual) const
    {
        using std::cos;
        using std::sin;
        const T ca = cos(a[2]), sa = sin(a[2]), dx = b[0] - a[0], dy = b[1] - a[1];
        const T tx = ca * dx + sa * dy - T(z[0]), ty = ca * dy - sa * dx - T(z[1]);
        const double cz = std::cos(z[2]), sz = std::sin(z[2]);
        Eigen::Matrix<T, 3, 1> e(T(cz) * tx + T(sz) * ty, T(cz) * ty - T(sz) * tx, WrapAngle(b[2] - a[2] - T(z[2])));
        Eigen::Map<Eigen::Matrix<T, 3, 1>>{ residual } = sqrt_information.template cast<T>() * e;
        return true;
    }
};

// Poses are (x, y, z, qx, qy, qz, qw).
struct BetweenSE3 {
    static constexpr int kAmbient = 7, kRows = 6;
    Eigen::Vector3d t;
    Eigen::Quaterniond q;
    Matrix<6> sqrt_information;

    template <typename T> bool operator()(const T *a, const T *b, T *residual) const
    {
        using Vector3 = Eigen::Matrix<T, 3, 1>;
        using Quaternion = Eigen::Quaternion<T>;
        const Eigen::Map<const Vector3> ta(a), tb(b);
        const Eigen::Map<const Quaternion> qa(a + 3), qb(b + 3);
        const Quaternion inverse_a = qa.conjugate(), inverse_z = q.conjugate().template cast<T>();
        Quaternion delta = inverse_z * (inverse_a * qb);
        if (delta.w() < T(0.0)) delta.coeffs() = -delta.coeffs();
        Eigen::Matrix<T, 6, 1> e;
        e.template head<3>() = inverse_z * (inverse_a * (tb - ta) - t.template cast<T>());
        e.template tail<3>() = delta.vec();
        Eigen::Map<Eigen::Matrix<T, 6, 1>>{ residual } = sqrt_information.template cast<T>() * e;
        return true;
    }
};

struct Graph {
    std::map<long long, std::vector<double>> pose;
    std::vector<std::pair<long long, std::string>> vertex_tag; // in the order of the file
    std::vector<std::string> edge_line;
    size_t edges = 0;
};

template <int N> Matrix<N> SqrtInformation(std::istream &in)
{
    Matrix<N> information;
    for (int i = 0; i < N; i++)
        for (int j = i; j < N; j++) {
            in >> information(i, j);
            information(j, i) = information(i, j);
        }
    return Eigen::LLT<Matrix<N>>(information).matrixU();
}

template <typename Between>
void AddEdge(Graph *graph, ceres::Problem *problem, long long a, long long b, std::unique_ptr<Between> edge)
{
    problem->AddResidualBlock(
        new ceres::AutoDiffCostFunction<Between, Between::kRows, Between::kAmbient, Between::kAmbient>(edge.release()), nullptr,
        graph->pose.at(a).data(), graph->pose.at(b).data());
    graph->edges++;
}

bool AddLine(const std::string &line, Graph *graph, ceres::Problem *problem)
{
    std::istringstream in(line);
    std::string tag;
    long long a, b;
    if (!(in >> tag >> a)) return true;
    if (tag == "EDGE_SE2") {
        auto edge = std::make_unique<BetweenSE2>();
        in >> b >> edge->z[0] >> edge->z[1] >> edge->z[2];
        edge->sqrt_information = SqrtInformation<3>(in);
        AddEdge(graph, problem, a, b, std::move(edge));
    } else if (tag == "EDGE_SE3:QUAT") {
        auto edge = std::make_unique<BetweenSE3>();
        in >> b >> edge->t[0] >> edge->t[1] >> edge->t[2] >> edge->q.x() >> edge->q.y() >> edge->q.z() >> edge->q.w();
        edge->q.normalize();
        edge->sqrt_information = SqrtInformation<6>(in);
        AddEdge(graph, problem, a, b, std::move(edge));
    }
    return !in.fail();
}

bool Load(const std::string &path, Graph *graph, ceres::Problem *problem)
{
    std::ifstream in(path);
    std::vector<std::string> edges;
    for (std::string line, tag; std::getline(in, line);) {
        std::istringstream fields(line);
        long long id;
        if (!(fields >> tag >> id)) continue;
        const int ambient = tag == "VERTEX_SE2" ? 3 : tag == "VERTEX_SE3:QUAT" ? 7 : 0;
        if (!ambient) {
            edges.push_back(line);
            continue;
        }
        std::vector<double> &x = graph->pose[id];
        x.resize(ambient);
        for (double &number : x) fields >> number;
        if (ambient == 7) Eigen::Map<Eigen::Quaterniond>(x.data() + 3).normalize();
        graph->vertex_tag.emplace_back(id, tag);
    }
    graph->edge_line = edges;
    if (graph->pose.empty()) return false;
    for (auto &[id, x] : graph->pose) {
        problem->AddParameterBlock(x.data(), static_cast<int>(x.size()));
        if (x.size() == 7)
            problem->SetManifold(x.data(),
                                 new ceres::ProductManifold<ceres::EuclideanManifold<3>, ceres::EigenQuaternionManifold>());
    }
    problem->SetParameterBlockConstant(graph->pose.begin()->second.data());
    for (const std::string &line : edges)
        if (!AddLine(line, graph, problem)) return false;
    return true;
}

void Write(const std::string &path, const Graph &graph)
{
    std::ofstream out(path);
    out.precision(17);
    for (const auto &[id, tag] : graph.vertex_tag) {
        out << tag << ' ' << id;
        for (double x : graph.pose.at(id)) out << ' ' << x;
        out << '\n';
    }
    for (const std::string &line : graph.edge_line) out << line << '\n';
}

double WallTime() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct Recorder : ceres::IterationCallback {
    std::vector<std::pair<double, double>> trajectory;
    ceres::CallbackReturnType operator()(const ceres::IterationSummary &s) override
    {
        trajectory.emplace_back(s.cumulative_time_in_seconds, 2.0 * s.cost);
        return ceres::SOLVER_CONTINUE;
    }
};

bool Parse(int argc, char **argv, ceres::Solver::Options *options, std::string *write)
{
    if (argc < 2 || argc % 2) return false;
    // Tighter than the defaults: the driver reads from the trajectory when the accuracy it asks for was reached.
    options->function_tolerance = 1e-12;
    options->gradient_tolerance = 1e-14;
    options->parameter_tolerance = 1e-14;
    options->max_num_iterations = 100;
    options->linear_solver_type = ceres::SPARSE_NORMAL_CHOLESKY;
    for (int i = 2; i < argc; i += 2) {
        const std::string name = argv[i], value = argv[i + 1];
        if (name == "--write") {
            *write = value;
        } else if (name == "--threads") {
            options->num_threads = std::stoi(value);
        } else if (name == "--radius") { // first trust region: 1e4 by default, 1e16 makes the first steps Gauss-Newton's
            options->initial_trust_region_radius = std::stod(value);
        } else if (name == "--iterations") {
            options->max_num_iterations = std::stoi(value);
        } else if (name == "--backend") {
            std::string upper = value == "suitesparse" ? "SUITE_SPARSE" : value == "cxsparse" ? "CX_SPARSE" : "EIGEN_SPARSE";
            if (!ceres::StringToSparseLinearAlgebraLibraryType(upper, &options->sparse_linear_algebra_library_type)) return false;
        } else if (name == "--strategy") {
            options->trust_region_strategy_type = value == "dogleg" ? ceres::DOGLEG : ceres::LEVENBERG_MARQUARDT;
        } else {
            return false;
        }
    }
    std::string error;
    return options->IsValid(&error) || (std::fprintf(stderr, "ceres_bench: %s\n", error.c_str()), false);
}

// Of this program alone: ru_maxrss of getrusage starts at what the process that launched it had. -1 if not known.
long PeakMemoryKB()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.compare(0, 6, "VmHWM:") == 0) return std::stol(line.substr(6));
    return -1;
}

void Report(const ceres::Solver::Summary &s, const Recorder &recorder, const Graph &graph, double load_s)
{
    std::printf("{\"tool\": \"Ceres\", \"version\": \"%s\", \"residual\": \"g2o\", \"init\": \"file\", \"trajectory\": [",
                CERES_VERSION_STRING);
    const char *comma = "";
    for (const auto &[time, chi2] : recorder.trajectory) {
        std::printf("%s[%.9g, %.17g]", comma, time, chi2);
        comma = ", ";
    }
    std::printf("], \"iterations\": %d, \"load_s\": %.9g, \"analyze_s\": %.9g, ", static_cast<int>(s.iterations.size()) - 1,
                load_s, s.preprocessor_time_in_seconds);
    std::printf("\"linearize_s\": %.9g, \"factorize_s\": %.9g, \"rest_s\": %.9g, \"total_s\": %.9g, \"chi2_final\": %.17g, ",
                s.jacobian_evaluation_time_in_seconds, s.linear_solver_time_in_seconds,
                s.minimizer_time_in_seconds - s.jacobian_evaluation_time_in_seconds - s.linear_solver_time_in_seconds,
                s.total_time_in_seconds, 2.0 * s.final_cost);
    std::printf("\"termination\": \"%s\", \"poses\": %zu, \"edges\": %zu, \"peak_memory_kB\": %ld}\n",
                ceres::TerminationTypeToString(s.termination_type), graph.pose.size(), graph.edges, PeakMemoryKB());
}

} // namespace

int main(int argc, char **argv)
{
    ceres::Solver::Options options;
    std::string write;
    if (!Parse(argc, argv, &options, &write)) {
        std::cerr << "usage: ceres_bench FILE [--backend suitesparse|eigen|cxsparse] [--strategy lm|dogleg] [--radius R]"
                     " [--threads N] [--iterations N] [--write OUT]\n";
        return 2;
    }
    Graph graph;
    ceres::Problem problem;
    const double start = WallTime();
    if (!Load(argv[1], &graph, &problem)) {
        std::cerr << "ceres_bench: cannot use " << argv[1] << '\n';
        return 1;
    }
    const double load_s = WallTime() - start;
    Recorder recorder;
    options.callbacks.push_back(&recorder);
    ceres::Solver::Summary summary;
    ceres::Solve(options, &problem, &summary);
    if (!write.empty()) {
        if (!summary.IsSolutionUsable()) std::cerr << summary.message << '\n';
        Write(write, graph);
    }
    Report(summary, recorder, graph, load_s);
    return 0;
}
